package countersign.apply.plan;

import countersign.codec.Sha256;
import countersign.manifest.Unit;
import countersign.target.ReleaseFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a change would alter: per unit the files, and within files of a known form the keys. The same sides give the same
 * plan. Secrets are masked on both sides; only whether they differ is seen.
 *
 * @param units the units that differ, sorted
 */
public record Plan(List<UnitPart> units) {
    /** The most keys that are listed for one file; the others are counted. */
    public static final int MAX_KEYS = 200;

    /**
     * One unit on both sides.
     *
     * @param unit target and system
     * @param before null if the change adds the unit
     * @param after null if the change takes it away
     */
    public record Subject(
            Unit unit, @Nullable Side before, @Nullable Side after) {}

    /**
     * One side of a unit.
     *
     * @param files what is to stand
     * @param settings everything that executes or routes, as plain values
     * @param origins where the keys of its files are said
     */
    public record Side(List<ReleaseFile> files, Map<String, @Nullable Object> settings, Origins origins) {
        private static final Side NOTHING = new Side(List.of(), Map.of());

        public Side {
            files = List.copyOf(files);
        }

        /** Of a system that says everything itself. */
        public Side(List<ReleaseFile> files, Map<String, @Nullable Object> settings) {
            this(files, settings, Origins.NONE);
        }
    }

    /**
     * What happens to one unit.
     *
     * @param unit target and system
     * @param action what is done with the unit as a whole
     * @param files the files that differ, sorted
     * @param settings what differs of everything that executes or routes
     */
    public record UnitPart(Unit unit, Action action, List<FilePart> files, Keys settings) {}

    /** What is done with a unit or a file as a whole. */
    public enum Action {
        ADD,
        CHANGE,
        REMOVE
    }

    /**
     * What happens to one file.
     *
     * @param path below the unit's folder
     * @param action what is done with it
     * @param before mode and size before; null if absent
     * @param after mode and size after; null if absent
     * @param keys what differs within it; empty if its form is not known
     */
    public record FilePart(
            String path,
            Action action,
            @Nullable String before,
            @Nullable String after,
            Keys keys) {}

    /**
     * Keys that differ.
     *
     * @param listed sorted, at most {@value #MAX_KEYS}
     * @param omitted how many more there are
     */
    public record Keys(List<Key> listed, int omitted) {
        static final Keys NONE = new Keys(List.of(), 0);
    }

    /**
     * One key that differs, masked if need be.
     *
     * @param name dotted
     * @param before null if absent
     * @param after null if absent
     * @param from the file and the line that say it now, or said it before; null for a system that says everything itself
     */
    public record Key(
            String name,
            @Nullable String before,
            @Nullable String after,
            @Nullable String from) {}

    public Plan {
        units = List.copyOf(units);
    }

    /** The plan for units, whose order does not matter. */
    public static Plan of(List<Subject> subjects) {
        TreeMap<Unit, UnitPart> parts = new TreeMap<>();
        subjects.forEach(subject -> parts.put(subject.unit(), part(subject)));
        return new Plan(List.copyOf(parts.values()));
    }

    /** The plan as text, bounded; equal plans give equal text. */
    public String text() {
        return new PlanText().write(this);
    }

    /** Digest of the text. */
    public Sha256 digest() {
        return Sha256.of(text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static UnitPart part(Subject subject) {
        Side before = Objects.requireNonNullElse(subject.before(), Side.NOTHING);
        Side after = Objects.requireNonNullElse(subject.after(), Side.NOTHING);
        Keys settings = keys(
                "",
                KeyValues.flatten(before.settings()),
                KeyValues.flatten(after.settings()),
                name -> Optional.empty());
        return new UnitPart(
                subject.unit(),
                action(subject.before() != null, subject.after() != null),
                files(before, after),
                settings);
    }

    private static List<FilePart> files(Side before, Side after) {
        Map<String, ReleaseFile> old = byPath(before);
        Map<String, ReleaseFile> now = byPath(after);
        Set<String> paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        List<FilePart> parts = new ArrayList<>();
        for (String path : paths) {
            Function<String, Optional<String>> from = key ->
                    after.origins().find(path, key).or(() -> before.origins().find(path, key));
            file(path, old.get(path), now.get(path), from).ifPresent(parts::add);
        }
        return parts;
    }

    private static Optional<FilePart> file(
            String path,
            @Nullable ReleaseFile old,
            @Nullable ReleaseFile now,
            Function<String, Optional<String>> from) {
        boolean same =
                old != null && now != null && old.mode() == now.mode() && Arrays.equals(old.bytes(), now.bytes());
        if (same) {
            return Optional.empty();
        }
        return Optional.of(new FilePart(
                path, action(old != null, now != null), describe(old), describe(now), keys(path, old, now, from)));
    }

    private static Keys keys(
            String path,
            @Nullable ReleaseFile old,
            @Nullable ReleaseFile now,
            Function<String, Optional<String>> from) {
        Optional<Map<String, String>> before = read(old);
        Optional<Map<String, String>> after = read(now);
        return before.isPresent() && after.isPresent()
                ? keys(Mask.named(path) ? path + " " : "", before.get(), after.get(), from)
                : Keys.NONE;
    }

    /** @param secretPrefix names that make every key below them a secret; empty if there is none */
    private static Keys keys(
            String secretPrefix,
            Map<String, String> before,
            Map<String, String> after,
            Function<String, Optional<String>> from) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<Key> differing = new ArrayList<>();
        for (String name : names) {
            if (!Objects.equals(before.get(name), after.get(name))) {
                Key masked = Mask.key(secretPrefix + name, before.get(name), after.get(name));
                differing.add(new Key(
                        name, masked.before(), masked.after(), from.apply(name).orElse(null)));
            }
        }
        int listed = Math.min(MAX_KEYS, differing.size());
        return new Keys(List.copyOf(differing.subList(0, listed)), differing.size() - listed);
    }

    private static Optional<Map<String, String>> read(@Nullable ReleaseFile file) {
        return file == null ? Optional.of(Map.of()) : KeyValues.read(file.path(), file.bytes());
    }

    private static @Nullable String describe(@Nullable ReleaseFile file) {
        return file == null ? null : file.mode().octal() + " " + file.bytes().length + " bytes";
    }

    private static Map<String, ReleaseFile> byPath(Side side) {
        Map<String, ReleaseFile> files = new TreeMap<>();
        side.files().forEach(file -> files.put(file.path(), file));
        return files;
    }

    private static Action action(boolean before, boolean after) {
        return !before ? Action.ADD : after ? Action.CHANGE : Action.REMOVE;
    }
}
