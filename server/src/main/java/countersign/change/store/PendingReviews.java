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
 * before that needs none, so what came since the last round waits for the next. An entry is settled when every review that
 * follows from it is done. Thread-safe: reviews take turns, so that none writes over what a newer one found.
 */
public final class PendingReviews {
    private final Consumer<ChangeId> review;
    private final Consumer<List<Long>> settle;
    private final Executor soon;
    private final ReentrantLock reviewing = new ReentrantLock();

    /** What came before the last round, and since. */
    private Due ripe = new Due();

    private Due young = new Due();
    private boolean asked;
    private @Nullable ChangeId present;

    /** Changes to review, and entries that wait for them or for what is older. */
    private static final class Due {
        private final Set<ChangeId> changes = new LinkedHashSet<>();
        private final List<Long> entries = new ArrayList<>();

        boolean isEmpty() {
            return changes.isEmpty() && entries.isEmpty();
        }
    }

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
            young.entries.add(index);
            changes.stream().filter(change -> !ripe.changes.contains(change)).forEach(young.changes::add);
            ask = !asked;
            asked = true;
        }
        if (ask) {
            soon.execute(this::round);
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
            reviewRipe();
            ripen();
            reviewRipe();
        } finally {
            reviewing.unlock();
        }
    }

    /** Reviews what was there at the last round already. */
    private void round() {
        boolean again = false;
        reviewing.lock();
        try {
            reviewRipe();
            again = ripen();
        } finally {
            reviewing.unlock();
            askAgain(again);
        }
    }

    private synchronized void askAgain(boolean again) {
        asked = again;
        if (again) {
            soon.execute(this::round);
        }
    }

    private void reviewRipe() {
        for (Optional<ChangeId> next = next(); next.isPresent(); next = next()) {
            review(next.get());
        }
        List<Long> entries = ripeEntries();
        if (!entries.isEmpty()) {
            settle.accept(entries);
            forgetRipeEntries();
        }
    }

    private synchronized List<Long> ripeEntries() {
        return List.copyOf(ripe.entries);
    }

    private synchronized void forgetRipeEntries() {
        ripe.entries.clear();
    }

    /** Says whether there is anything for another round. Nothing is left that was ripe. */
    private synchronized boolean ripen() {
        ripe = young;
        young = new Due();
        return !ripe.isEmpty();
    }

    private synchronized boolean isDue(ChangeId change) {
        return ripe.changes.contains(change) || young.changes.contains(change) || change.equals(present);
    }

    private synchronized Optional<ChangeId> next() {
        Optional<ChangeId> next = ripe.changes.stream().findFirst();
        next.ifPresent(this::begin);
        return next;
    }

    private synchronized boolean begin(ChangeId change) {
        boolean wasRipe = ripe.changes.remove(change);
        boolean due = young.changes.remove(change) || wasRipe;
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
            ripe.changes.add(change);
        }
    }
}
