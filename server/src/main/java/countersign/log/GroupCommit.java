package countersign.log;

import countersign.codec.Refusal;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers on many threads share one commit: the first to come commits for all who wait, in the order in which they
 * came, while those who come meanwhile form the next group. Thread-safe. Interrupts are kept for later: a commit is
 * never left half-way.
 *
 * @param <W> the work of one caller
 */
final class GroupCommit<W> {
    private final Consumer<List<W>> commit;
    private final int groupLimit;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiting<W>> queue = new ArrayDeque<>();
    private boolean committing;

    /** The {@code commit} is called by one thread at a time with at most {@code groupLimit} works. */
    GroupCommit(Consumer<List<W>> commit, int groupLimit) {
        this.commit = commit;
        this.groupLimit = groupLimit;
    }

    /** Returns when the work is committed; throws what the commit threw. */
    void commit(W work) {
        Waiting<W> own = enqueue(work);
        while (isTurnOf(own)) {
            commitGroup();
        }
        if (own.failure != null) {
            throw own.failure;
        }
    }

    private Waiting<W> enqueue(W work) {
        lock.lock();
        try {
            Waiting<W> own = new Waiting<>(work, lock.newCondition());
            queue.add(own);
            return own;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the work is done by another, or it is this caller's turn to commit what is queued. */
    private boolean isTurnOf(Waiting<W> own) {
        lock.lock();
        try {
            while (!own.done && committing) {
                own.turn.awaitUninterruptibly();
            }
            committing |= !own.done;
            return !own.done;
        } finally {
            lock.unlock();
        }
    }

    private void commitGroup() {
        List<Waiting<W>> group = takeGroup();
        RuntimeException failure = new IllegalStateException("the commit of this group broke off");
        try {
            commit.accept(group.stream().map(waiting -> waiting.work).toList());
            failure = null;
        } catch (UncheckedIOException | Refusal broken) {
            failure = broken;
        } finally {
            release(group, failure);
        }
    }

    private List<Waiting<W>> takeGroup() {
        lock.lock();
        try {
            List<Waiting<W>> group = new ArrayList<>();
            while (!queue.isEmpty() && group.size() < groupLimit) {
                group.add(queue.remove());
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void release(List<Waiting<W>> group, @Nullable RuntimeException failure) {
        lock.lock();
        try {
            committing = false;
            for (Waiting<W> waiting : group) {
                waiting.failure = failure;
                waiting.done = true;
                waiting.turn.signal();
            }
            if (!queue.isEmpty()) {
                queue.element().turn.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Guarded by the lock, but for the failure: its owner reads that after it has seen {@code done}. */
    private static final class Waiting<W> {
        private final W work;
        private final Condition turn;
        private boolean done;
        private @Nullable RuntimeException failure;

        Waiting(W work, Condition turn) {
            this.work = work;
            this.turn = turn;
        }
    }
}
