package countersign.git.object;

import countersign.repository.Commit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
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
 */
final class Mainline {
    private static final int MAX_COMMITS = 50_000;
    private static final int MAX_STEPS = 64;

    /** So many merges may have come since the last question. */
    private static final int MAX_AHEAD = 8;

    private final Function<String, Optional<Commit>> commits;

    /** The place of the first commit of main, counted from the floor, that reaches a commit. */
    private final Map<String, Integer> reached = new HashMap<>();

    private final Map<String, Integer> mains = new HashMap<>();
    private @Nullable String last;

    /** @param commits finds commits */
    Mainline(Function<String, Optional<Commit>> commits) {
        this.commits = commits;
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
            if (reached.size() > MAX_COMMITS || !add(commit)) {
                return begin(main);
            }
        }
        return mains.getOrDefault(main, 0);
    }

    /** Makes a commit the only one; its parents are the floor. */
    private int begin(String main) {
        reached.clear();
        mains.clear();
        reached.put(main, 0);
        mains.put(main, 0);
        last = main;
        return 0;
    }

    /** Adds a commit of main with what it brought in; false if that can't be told apart from what the floor reaches. */
    private boolean add(Commit merge) {
        int place = mains.size();
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
        return true;
    }
}
