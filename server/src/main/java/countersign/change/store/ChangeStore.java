package countersign.change.store;

import countersign.change.event.Happening;
import countersign.manifest.ChangeId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The projection of changes. Thread-safe. A crash may take its newest writes, in the order in which they were made, or
 * all of them: whoever opens it replays the record log from {@link #projected} on.
 */
public interface ChangeStore {
    /** The newest change with this name. */
    Optional<Change> find(String name);

    Optional<Change> find(long number);

    Optional<Change> find(ChangeId id);

    /** Changes, newest number first. */
    List<Change> list(Query query);

    /** Changes made from a template that failed or were rolled back, newest number first. */
    List<Change> failed(String template);

    /** Changes a unit of which failed at a system, newest number first. */
    List<Change> failedAt(String system);

    /** Changes that wait for a decision, the most pressing first. */
    List<Change> waiting(Waiting query);

    /** How many changes wait for a decision that was due before a time. */
    int late(Instant now);

    /**
     * Inserts the change or replaces the one with its number, and appends what happened to it to the events: both or
     * neither.
     */
    void save(Change change, List<Happening> happenings);

    /** The same where nothing is told of it. */
    default void save(Change change) {
        save(change, List.of());
    }

    /** The highest number of any change; 0 if there is none. */
    long highestNumber();

    /** The highest log index of a statement about any change; -1 if there is none. */
    long newestVote();

    /** Log indexes of the statements about a change, ascending. */
    List<Long> votes(ChangeId change);

    /**
     * Remembers that a statement about a change stands at a log index, and what happened by it; repeating it changes
     * nothing.
     */
    void addVote(ChangeId change, long index, List<Happening> happenings);

    /** The same where nothing is told of it. */
    default void addVote(ChangeId change, long index) {
        addVote(change, index, List.of());
    }

    /** Log indexes of the revocations of keys, ascending. */
    List<Long> revocations();

    /** Remembers that a revocation stands at a log index, and what happened by it; repeating it changes nothing. */
    void addRevocation(long index, List<Happening> happenings);

    /** The same where nothing is told of it. */
    default void addRevocation(long index) {
        addRevocation(index, List.of());
    }

    /** Log index of the last order to stop or to go on; empty if there was none. */
    Optional<Long> stop();

    /**
     * Remembers that the last order to stop or to go on stands at a log index, and what happened by it; an earlier one
     * changes nothing.
     */
    void setStop(long index, List<Happening> happenings);

    /** The same where nothing is told of it. */
    default void setStop(long index) {
        setStop(index, List.of());
    }

    /** Log indexes of the merges of emergency changes, ascending. */
    List<Long> emergencies();

    /** Remembers that the merge of an emergency change stands at a log index; repeating it changes nothing. */
    void addEmergency(long index);

    /** Log indexes of the recoveries that name merges bad, ascending. */
    List<Long> recoveries();

    /** Remembers that a recovery that names merges bad stands at a log index; repeating it changes nothing. */
    void addRecovery(long index);

    /** How many entries of the record log this projection has seen. */
    long projected();

    /** Never lowers the number, except to 0 by {@link #clear}. */
    void setProjected(long entries);

    /** Forgets everything, events too. */
    void clear();

    /**
     * What to list.
     *
     * @param below only changes with a smaller number; null for the newest
     * @param state only changes in this state; null for all
     * @param limit at most this many, 1 to 200
     */
    record Query(@Nullable Long below, @Nullable ChangeState state, int limit) {
        public Query {
            requireLimit(limit);
        }

        private static void requireLimit(int limit) {
            if (limit < 1 || limit > 200) {
                throw new countersign.codec.Refusal("limit-out-of-range", "limit must be 1 to 200, is " + limit);
            }
        }
    }

    /** By what the most pressing comes first; then by number. */
    enum Order {
        DEADLINE,
        PRIORITY;

        /** The whole order. */
        Comparator<Change> comparator() {
            Comparator<Change> byDeadline =
                    Comparator.comparing((Change change) -> change.due().by()).thenComparing(Change::number);
            return this == DEADLINE
                    ? byDeadline
                    : Comparator.comparing((Change change) -> change.due().priority())
                            .thenComparing(byDeadline);
        }
    }

    /**
     * Which of the changes that wait for a decision.
     *
     * @param order what comes first
     * @param after only those behind this one; null for the first
     * @param dueBefore only those whose decision was due before this moment; null for all
     * @param limit at most this many, 1 to 200
     */
    record Waiting(
            Order order, @Nullable Change after, @Nullable Instant dueBefore, int limit) {
        public Waiting {
            Query.requireLimit(limit);
        }

        boolean holds(Change change) {
            return change.state().undecided()
                    && (dueBefore == null || change.due().by().isBefore(dueBefore))
                    && (after == null || order.comparator().compare(change, after) > 0);
        }
    }
}
