package countersign.git.object;

import countersign.repository.Commit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which of the newest merges first reached a commit, so that where a branch left main is found without a walk over
 * history. Thread-safe.
 *
 * <p>It holds exactly what the last commit of main reaches and certain older commits, its floor, do not. So a commit that
 * it does not hold, but one of whose ancestors it holds, is not reached by main: else the floor would reach that ancestor.
 * When there are too many, the floor moves up to a later commit of main, and what that reaches is forgotten.
 */
final class Mainline {
    static final int MAX_COMMITS = 10_000;
    private static final int MAX_STEPS = 64;

    /** So many merges may have come since the last question. */
    private static final int MAX_AHEAD = 8;

    private final Function<String, Optional<Commit>> commits;

    private final int capacity;

    /** The place of the first commit of main, counted from the first floor, that reaches a commit; in their order. */
    private final Map<String, Integer> reached = new LinkedHashMap<>();

    /** The commits of main with their places, in their order. */
    private final Map<String, Integer> mains = new LinkedHashMap<>();

    private @Nullable String last;
    private int lastPlace;

    /**
     * Knows nothing yet.
     *
     * @param commits finds commits
     * @param capacity how many it holds at most, beside those of the last merge
     */
    Mainline(Function<String, Optional<Commit>> commits, int capacity) {
        this.commits = commits;
        this.capacity = capacity;
    }

    /**
     * Where a branch left main.
     *
     * @param base the newest commit that both have
     * @param since the commits that only the branch has, newest first
     */
    record Fork(String base, List<Commit> since) {
        Fork {
            since = List.copyOf(since);
        }
    }

    /** The fork of a branch without merges that left lately; empty if this is none or it can't be told from memory. */
    synchronized Optional<Fork> findFork(String main, String tip) {
        int place = place(main);
        List<Commit> since = new ArrayList<>();
        String next = tip;
        while (since.size() < MAX_STEPS) {
            if (reached.getOrDefault(next, Integer.MAX_VALUE) <= place) {
                return Optional.of(new Fork(next, since));
            }
            Optional<Commit> commit = commits.apply(next);
            if (commit.isEmpty() || commit.get().parents().size() != 1) {
                return Optional.empty();
            }
            since.add(commit.get());
            next = commit.get().parents().get(0);
        }
        return Optional.empty();
    }

    /** The place of a commit of main, which becomes the last one if it is new. */
    private int place(String main) {
        Integer known = mains.get(main);
        if (known != null) {
            return known;
        }
        Deque<Commit> ahead = new ArrayDeque<>();
        String next = main;
        while (!next.equals(last)) {
            Optional<Commit> commit = commits.apply(next);
            if (commit.isEmpty() || commit.get().parents().isEmpty() || ahead.size() == MAX_AHEAD) {
                return begin(main);
            }
            ahead.push(commit.get());
            next = commit.get().parents().get(0);
        }
        for (Commit commit : ahead) {
            if (!add(commit)) {
                return begin(main);
            }
            raiseFloor();
        }
        return lastPlace;
    }

    /** Forgets what the oldest commits of main reach, as long as there are too many. */
    private void raiseFloor() {
        while (reached.size() > capacity && mains.size() > 1) {
            int floor = mains.values().iterator().next();
            Iterator<Integer> oldest = reached.values().iterator();
            while (oldest.hasNext() && oldest.next() == floor) {
                oldest.remove();
            }
            mains.values().remove(floor);
        }
    }

    /** How many commits it holds. */
    synchronized int size() {
        return reached.size() + mains.size();
    }

    /** Makes a commit the only one; its parents are the floor. */
    private int begin(String main) {
        reached.clear();
        mains.clear();
        reached.put(main, 0);
        mains.put(main, 0);
        last = main;
        lastPlace = 0;
        return 0;
    }

    /** Adds a commit of main with what it brought in; false if that can't be told apart from what the floor reaches. */
    private boolean add(Commit merge) {
        int place = lastPlace + 1;
        for (String parent : merge.parents()) {
            List<String> brought = new ArrayList<>();
            String next = parent;
            while (!reached.containsKey(next)) {
                Optional<Commit> commit = commits.apply(next);
                if (commit.isEmpty() || commit.get().parents().size() != 1 || brought.size() == MAX_STEPS) {
                    return false;
                }
                brought.add(next);
                next = commit.get().parents().get(0);
            }
            brought.forEach(id -> reached.put(id, place));
        }
        reached.put(merge.id(), place);
        mains.put(merge.id(), place);
        last = merge.id();
        lastPlace = place;
        return true;
    }
}
