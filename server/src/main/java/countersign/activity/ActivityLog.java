package countersign.activity;

import countersign.codec.Refusal;
import countersign.log.Checkpoint;
import countersign.log.RecordLog;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes who did what to the server, in a log whose every part is a Merkle tree under a signed checkpoint and names the
 * part before it. Thread-safe. Noting costs its caller a place in a queue: one thread writes, several at a time under one
 * force, a fifth of a second later at most; a crash may take what was noted since.
 */
public final class ActivityLog {
    private static final Logger LOG = LoggerFactory.getLogger(ActivityLog.class);
    private static final int QUEUE = 10_000;
    private static final int AT_ONCE = 256;

    /** Entries that one question looks at. */
    private static final int LOOKED_AT = 20_000;

    private static final long PAUSE_NANOS = 200_000_000;

    private final SegmentStore segments;
    private final InstantSource clock;
    private final Duration retention;
    private final ArrayBlockingQueue<Activity> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong lost = new AtomicLong();
    private final Counter<Activity.What> refusals;
    private final Counter<Use> uses;
    private @Nullable Segment current;
    private volatile boolean ended;
    private volatile @Nullable Thread thread;

    /**
     * Where the log is kept, and how.
     *
     * @param folder its folder
     * @param origin name of the log
     * @param signer signs its checkpoints
     * @param retention for how long at least entries are kept
     */
    public record Settings(Path folder, String origin, NoteSigner signer, Duration retention) {}

    public ActivityLog(Settings settings, InstantSource clock) {
        this.segments = new SegmentStore(settings.folder(), settings.origin(), settings.signer(), clock);
        this.retention = settings.retention();
        this.clock = clock;
        this.refusals = new Counter<>(Duration.ofMinutes(1), clock.instant());
        this.uses = new Counter<>(Duration.ofHours(1), clock.instant());
    }

    private record Use(String person, String network, String token) {
        Activity.What what() {
            return Activity.What.of(ActivityKind.TOKEN_USED, person, network, Map.of("token", token));
        }
    }

    /**
     * A page of activities, newest first.
     *
     * @param next where the next page begins; null on the last
     */
    public record Page(List<Activity> items, ActivityQuery.@Nullable Place next) {
        public Page {
            items = List.copyOf(items);
        }
    }

    /**
     * A part of the log.
     *
     * @param head what it holds; null if it can't be read any more
     * @param kept whether its entries are there, and not only its checkpoint
     */
    public record Part(Segment segment, @Nullable Checkpoint head, boolean kept) {}

    /** Begins to write. */
    public void start() {
        Thread made = new Thread(this::run, "activity");
        made.setDaemon(true);
        thread = made;
        made.start();
    }

    /** Writes what was noted, and closes the log. */
    public void stop() {
        ended = true;
        LockSupport.unpark(thread);
        synchronized (this) {
            refusals.rest().forEach(this::offerRefusals);
            uses.rest().forEach(this::offerUses);
            write();
            segments.close();
        }
    }

    /** Notes what seldom happens. */
    public void note(ActivityKind kind, @Nullable String person, @Nullable String network, Map<String, String> detail) {
        offer(new Activity(now(), Activity.What.of(kind, person, network, detail), 1));
    }

    /** Notes what an attacker may repeat: the first of a minute, and how many more there were. */
    public void refused(
            ActivityKind kind, @Nullable String person, @Nullable String network, Map<String, String> detail) {
        Activity.What what = Activity.What.of(kind, person, network, detail);
        if (refusals.isFirst(what)) {
            offer(new Activity(now(), what, 1));
        }
    }

    /** Notes the use of a token: the first of an hour, and how many more there were. */
    public void used(String person, String network, String token) {
        Use use = new Use(person, network, token);
        if (uses.isFirst(use)) {
            offer(new Activity(now(), use.what(), 1));
        }
    }

    /** A page of what was noted until now. */
    public synchronized Page list(ActivityQuery query) {
        write();
        List<Activity> found = new ArrayList<>();
        int looked = 0;
        ActivityQuery.Place before = query.before();
        for (Segment segment : newestFirst()) {
            if (!segments.isKept(segment)
                    || segments.head(segment).isEmpty()
                    || (before != null && segment.compareTo(before.segment()) > 0)) {
                continue;
            }
            RecordLog log = segments.open(segment);
            long index = before != null && segment.equals(before.segment())
                    ? Math.min(before.index(), log.size())
                    : log.size();
            while (index > 0) {
                if (found.size() == query.limit() || looked == LOOKED_AT) {
                    return new Page(found, new ActivityQuery.Place(segment, index));
                }
                index--;
                looked++;
                Activity activity = Activity.parse(log.entry(index));
                if (query.matches(activity)) {
                    found.add(activity);
                }
            }
        }
        return new Page(found, null);
    }

    /** All parts of the log, oldest first. */
    public synchronized List<Part> parts() {
        write();
        return segments.list().stream()
                .map(segment -> new Part(segment, segments.head(segment).orElse(null), segments.isKept(segment)))
                .toList();
    }

    /** A file of a part, as C2SP tlog-tiles has it. */
    public synchronized Optional<byte[]> read(Segment segment, String path) {
        return segments.read(segment, path);
    }

    /** Writes a copy of the log, as it stands, into a new folder. */
    public synchronized void copyTo(Path to) {
        write();
        segments.copyTo(to);
    }

    /** By which checkpoints are signed. */
    public NoteKey key() {
        return segments.key();
    }

    /** Writes what was noted until now. */
    public synchronized void write() {
        refusals.ended(now()).forEach(this::offerRefusals);
        uses.ended(now()).forEach(this::offerUses);
        long unnoted = lost.getAndSet(0);
        if (unnoted > 0) {
            offer(new Activity(now(), Activity.What.of(ActivityKind.NOT_NOTED, null, null, Map.of()), unnoted));
        }
        List<Activity> group = new ArrayList<>();
        while (queue.drainTo(group, AT_ONCE) > 0) {
            RecordLog log = segments.open(segment());
            log.appendBytes(group.stream().map(Activity::bytes).toList());
            group.clear();
        }
    }

    private void offerRefusals(Counter.Counted<Activity.What> counted) {
        offer(new Activity(counted.start(), counted.key().orElse(several(ActivityKind.REFUSED)), counted.count()));
    }

    private void offerUses(Counter.Counted<Use> counted) {
        Activity.What what = counted.key().map(Use::what).orElse(several(ActivityKind.TOKEN_USED));
        offer(new Activity(counted.start(), what, counted.count()));
    }

    private static Activity.What several(ActivityKind kind) {
        return Activity.What.of(kind, null, null, Map.of("others", "more different ones than are told apart"));
    }

    private void offer(Activity activity) {
        if (!queue.offer(activity)) {
            lost.addAndGet(activity.count());
        }
    }

    private List<Segment> newestFirst() {
        return segments.list().stream().sorted(Comparator.reverseOrder()).toList();
    }

    /** The segment to write to: of this month, the last one that can be continued. */
    private Segment segment() {
        Segment known = current;
        Segment first = Segment.first(now());
        if (known != null && known.month().compareTo(first.month()) >= 0) {
            return known;
        }
        Segment wanted = segments.list().stream()
                .filter(segment -> segment.compareTo(first) >= 0)
                .reduce((earlier, later) -> later)
                .orElse(first);
        Segment found = continued(wanted);
        current = found;
        dropOld();
        return found;
    }

    /** Goes on with a segment, begins it, or begins another one that says why this one can't be continued. */
    private Segment continued(Segment segment) {
        try {
            if (segments.open(segment).size() == 0) {
                begin(segment, previous(segment));
            }
            return segment;
        } catch (Refusal damaged) {
            LOG.error("the activity log's segment {} can't be continued; another one begins", segment, damaged);
            begin(segment.next(), Map.of("previous", segment.toString(), "damaged", damaged.rule()));
            return segment.next();
        }
    }

    /** How the segment before this one ended. */
    private Map<String, String> previous(Segment segment) {
        Optional<Segment> before = segments.list().stream()
                .filter(each -> each.compareTo(segment) < 0)
                .reduce((earlier, later) -> later);
        if (before.isEmpty()) {
            return Map.of();
        }
        return segments.head(before.get())
                .map(head -> Map.of(
                        "previous", head.origin(),
                        "size", Long.toString(head.size()),
                        "root", head.root().hex()))
                .orElse(Map.of("previous", before.get().toString(), "damaged", "unreadable"));
    }

    private void begin(Segment segment, Map<String, String> detail) {
        Activity.What what = Activity.What.of(ActivityKind.LOG_BEGAN, null, null, detail);
        segments.open(segment).appendBytes(List.of(new Activity(now(), what, 1).bytes()));
    }

    private void dropOld() {
        Instant oldest = now().minus(retention);
        for (Segment segment : segments.list()) {
            if (!segment.equals(current)
                    && segments.isKept(segment)
                    && segment.end().isBefore(oldest)) {
                segments.drop(segment);
                LOG.info("dropped the entries of the activity log's segment {}", segment);
            }
        }
    }

    private void run() {
        while (!ended) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
            try {
                if (!ended) {
                    write();
                }
            } catch (Refusal | UncheckedIOException | IllegalStateException failed) {
                LOG.error("activity could not be noted", failed);
            }
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
