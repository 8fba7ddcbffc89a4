package countersign.change.store;

import countersign.manifest.ChangeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reviews that follow from entries of the log. They are done soon, or at once for who wants to know; a change that is merged
 * before that needs none. An entry is settled when every review that follows from it is done. Thread-safe: reviews take
 * turns, so that none writes over what a newer one found.
 */
public final class PendingReviews {
    private final Consumer<ChangeId> review;
    private final Consumer<List<Long>> settle;
    private final Executor soon;
    private final ReentrantLock reviewing = new ReentrantLock();
    private final Set<ChangeId> pending = new LinkedHashSet<>();
    private List<Long> entries = new ArrayList<>();
    private boolean asked;
    private @Nullable ChangeId present;

    /**
     * Nothing to review.
     *
     * @param review brings a change's state in line with its votes
     * @param settle is told the indexes of entries, at least one
     * @param soon runs a round some time after it was handed in, on another thread
     */
    public PendingReviews(Consumer<ChangeId> review, Consumer<List<Long>> settle, Executor soon) {
        this.review = review;
        this.settle = settle;
        this.soon = soon;
    }

    /** After an entry these changes, perhaps none, have to be reviewed. */
    public void add(long index, Collection<ChangeId> changes) {
        boolean ask;
        synchronized (this) {
            entries.add(index);
            pending.addAll(changes);
            ask = !asked;
            asked = true;
        }
        if (ask) {
            soon.execute(this::finish);
        }
    }

    /** Returns when the state of a change is what follows from all entries that were added before. */
    public void finish(ChangeId change) {
        if (isDue(change)) {
            reviewing.lock();
            try {
                if (begin(change)) {
                    review(change);
                }
            } finally {
                reviewing.unlock();
            }
        }
    }

    /** The same for all changes; settles the entries. */
    public void finish() {
        reviewing.lock();
        try {
            List<Long> before = take();
            boolean done = false;
            try {
                for (Optional<ChangeId> next = next(); next.isPresent(); next = next()) {
                    review(next.get());
                }
                done = true;
            } finally {
                if (!done) {
                    putBack(before);
                }
            }
            if (!before.isEmpty()) {
                settle.accept(before);
            }
        } finally {
            reviewing.unlock();
        }
    }

    private synchronized boolean isDue(ChangeId change) {
        return pending.contains(change) || change.equals(present);
    }

    private synchronized List<Long> take() {
        List<Long> before = entries;
        entries = new ArrayList<>();
        asked = false;
        return before;
    }

    private synchronized void putBack(List<Long> before) {
        entries.addAll(0, before);
    }

    private synchronized Optional<ChangeId> next() {
        Optional<ChangeId> next = pending.stream().findFirst();
        next.ifPresent(this::begin);
        return next;
    }

    private synchronized boolean begin(ChangeId change) {
        boolean due = pending.remove(change);
        present = due ? change : present;
        return due;
    }

    /** What is not reviewed to the end stays pending. */
    private void review(ChangeId change) {
        boolean done = false;
        try {
            review.accept(change);
            done = true;
        } finally {
            end(change, done);
        }
    }

    private synchronized void end(ChangeId change, boolean done) {
        present = null;
        if (!done) {
            pending.add(change);
        }
    }
}
