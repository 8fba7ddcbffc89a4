package countersign.merge;

import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The newest previews of the branches that were asked for last. Thread-safe: a lock guards what is remembered. */
public final class Previews {
    private static final int BRANCHES = 512;
    private static final int MERGES = 512;

    /** Those of open changes. */
    private final Map<ChangeId, Known> known = bounded(BRANCHES);

    /** By the commit that main had behind them. */
    private final Map<String, Move> moves = bounded(MERGES);

    private final Consumer<Preview> computed;

    /** @param computed told of each preview that was worked out */
    public Previews(Consumer<Preview> computed) {
        this.computed = computed;
    }

    /**
     * A preview.
     *
     * @param revision of the branch
     * @param paths those that the change touches; none while it has no manifest
     * @param footprint null while it has no manifest
     * @param main the last commit of main for which it is known to be good
     */
    private record Known(
            String revision,
            Preview preview,
            Set<String> paths,
            @Nullable Footprint footprint,
            String main) {
        static Known of(String revision, Preview preview) {
            Manifest manifest = preview.manifest();
            return new Known(
                    revision,
                    preview,
                    manifest == null ? Set.of() : Previews.paths(manifest),
                    manifest == null ? null : Footprint.of(manifest),
                    preview.main());
        }

        Known upTo(String newMain) {
            return new Known(revision, preview, paths, footprint, newMain);
        }
    }

    /** How main moved by a merge. */
    private record Move(String before, Footprint footprint) {}

    /** Notes a merge, whose change is open no more. */
    public void merged(Ledger.Merge merge) {
        synchronized (known) {
            known.remove(merge.change());
        }
        put(moves, merge.entry().after(), new Move(merge.entry().before(), Footprint.of(merge.manifest())));
    }

    /**
     * The preview of a change's revision against main.
     *
     * @param compute works it out
     */
    public Preview get(ChangeId change, String revision, String main, Supplier<Preview> compute) {
        return find(change, revision)
                .filter(found -> found.preview.main().equals(main))
                .map(Known::preview)
                .orElseGet(() -> computed(change, revision, compute));
    }

    /**
     * The same, or one against an earlier main if every merge since then has nothing to do with the change: then its
     * manifest is the same, and so are the people, the rules and the documents by which its votes are judged. Not for merging.
     */
    public Preview getEquivalent(ChangeId change, String revision, String main, Supplier<Preview> compute) {
        Optional<Known> found = find(change, revision).filter(candidate -> isGood(candidate, main));
        found.filter(good -> !good.main.equals(main)).ifPresent(good -> put(known, change, good.upTo(main)));
        return found.map(Known::preview).orElseGet(() -> computed(change, revision, compute));
    }

    /** Changes with a preview that touch a path of a merge, so that it may have altered their states. */
    public Set<ChangeId> touching(Manifest merge) {
        Set<String> paths = paths(merge);
        Set<ChangeId> touching = new HashSet<>();
        synchronized (known) {
            for (Known each : known.values()) {
                if (!Collections.disjoint(each.paths, paths)) {
                    touching.add(each.preview.request().id());
                }
            }
        }
        return touching;
    }

    private Optional<Known> find(ChangeId change, String revision) {
        synchronized (known) {
            return Optional.ofNullable(known.get(change)).filter(found -> found.revision.equals(revision));
        }
    }

    private Preview computed(ChangeId change, String revision, Supplier<Preview> compute) {
        Preview preview = compute.get();
        put(known, change, Known.of(revision, preview));
        computed.accept(preview);
        return preview;
    }

    private boolean isGood(Known candidate, String main) {
        Footprint own = candidate.footprint;
        String commit = main;
        synchronized (moves) {
            while (!commit.equals(candidate.main)) {
                Move move = moves.get(commit);
                if (move == null || own == null || !own.isApartFrom(move.footprint)) {
                    return false;
                }
                commit = move.before;
            }
        }
        return true;
    }

    private static Set<String> paths(Manifest manifest) {
        return manifest.files().stream().map(Manifest.FileChange::path).collect(Collectors.toUnmodifiableSet());
    }

    private static <K, V> void put(Map<K, V> map, K key, V value) {
        synchronized (map) {
            map.put(key, value);
        }
    }

    private static <K, V> Map<K, V> bounded(int capacity) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > capacity;
            }
        };
    }
}
