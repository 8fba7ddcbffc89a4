package countersign.activity;

import countersign.codec.Refusal;
import countersign.log.Checkpoint;
import countersign.log.LogTrust;
import countersign.log.copy.LogReader;
import countersign.log.tile.TileSource;
import countersign.signing.NoteKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an activity log that somebody else keeps: every entry of every part that is there, the signatures, and that each
 * part names the one before it as it ended. Not thread-safe.
 */
public final class ActivityAudit {
    private final String origin;
    private final NoteKey key;
    private final Map<String, Checkpoint> remembered;

    /**
     * An audit of a log.
     *
     * @param origin name of the log
     * @param key signs its checkpoints
     * @param remembered what was verified before, by segment
     */
    public ActivityAudit(String origin, NoteKey key, Map<String, Checkpoint> remembered) {
        this.origin = origin;
        this.key = key;
        this.remembered = Map.copyOf(remembered);
    }

    /**
     * What was found about a part.
     *
     * @param head its signed checkpoint; null if it has none that can be believed
     * @param entries how many entries were verified; 0 of a part that was dropped
     * @param problem what is wrong; null if all is well
     */
    public record Line(
            Segment segment,
            @Nullable Checkpoint head,
            long entries,
            @Nullable Refusal problem) {
        public boolean good() {
            return problem == null;
        }
    }

    /**
     * Verifies all parts.
     *
     * @param kept the parts, oldest first, and whether their entries are there
     * @param source where the files of a part are
     */
    public List<Line> verify(Map<Segment, Boolean> kept, Function<Segment, TileSource> source) {
        List<Line> lines = new ArrayList<>();
        Checkpoint before = null;
        for (Map.Entry<Segment, Boolean> part : new TreeMap<>(kept).entrySet()) {
            Line line = verify(part.getKey(), part.getValue(), source.apply(part.getKey()), before);
            lines.add(line);
            before = line.head();
        }
        remembered.keySet().stream()
                .map(Segment::parse)
                .filter(segment -> !kept.containsKey(segment))
                .forEach(segment -> lines.add(new Line(segment, null, 0, missing(segment))));
        return lines;
    }

    private Line verify(Segment segment, boolean kept, TileSource source, @Nullable Checkpoint before) {
        LogTrust trust = new LogTrust(origin + "/" + segment, List.of(key), List.of(), List.of());
        Checkpoint head = null;
        try {
            head = trust.verify(source.read(TileSource.CHECKPOINT).orElseThrow(() -> missing(segment)))
                    .checkpoint();
            if (!kept) {
                requireRemembered(segment, head);
                return new Line(segment, head, 0, null);
            }
            List<byte[]> first = new ArrayList<>();
            LogReader.Verified verified = new LogReader(source, trust).verify(entry -> {
                if (entry.index() == 0) {
                    first.add(entry.bytes());
                }
                Activity unused = Activity.parse(entry.bytes());
            });
            Checkpoint older = remembered.get(segment.toString());
            if (older != null && !verified.extendsFrom(older)) {
                throw forked(segment, older);
            }
            requireContinues(segment, first, before);
            return new Line(
                    segment, verified.checkpoint(), verified.checkpoint().size(), null);
        } catch (Refusal problem) {
            return new Line(segment, head, 0, problem);
        }
    }

    private void requireRemembered(Segment segment, Checkpoint head) {
        Checkpoint older = remembered.get(segment.toString());
        if (older != null && (older.size() > head.size() || (older.size() == head.size() && !older.equals(head)))) {
            throw forked(segment, older);
        }
    }

    /** The first entry says how the part before ended; behind a damaged one it says that. */
    private static void requireContinues(Segment segment, List<byte[]> first, @Nullable Checkpoint before) {
        Map<String, String> detail =
                first.isEmpty() ? Map.of() : Activity.parse(first.get(0)).what().detail();
        if (detail.containsKey("damaged")) {
            throw new Refusal(
                    "activity-log-damaged",
                    "segment " + segment + " began because " + detail.get("previous") + " was not whole: "
                            + detail.get("damaged"));
        }
        boolean same = before == null
                ? !detail.containsKey("previous")
                : before.origin().equals(detail.get("previous"))
                        && Long.toString(before.size()).equals(detail.get("size"))
                        && before.root().hex().equals(detail.get("root"));
        if (!same) {
            throw new Refusal(
                    "activity-log-broken",
                    "segment " + segment + " continues " + detail + ", the part before it is "
                            + (before == null ? "not there" : before.text().replace('\n', ' ')));
        }
    }

    private static Refusal forked(Segment segment, Checkpoint older) {
        return new Refusal(
                "log-forked",
                "segment " + segment + " does not extend what was verified before: " + older.size() + " entries, root "
                        + older.root());
    }

    private static Refusal missing(Segment segment) {
        return new Refusal("log-truncated", "segment " + segment + " of the activity log is not there any more");
    }
}
