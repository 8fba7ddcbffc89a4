package countersign.gate.circumstance;

import countersign.codec.Refusal;
import countersign.repository.Repository;
import countersign.repository.Snapshot;

/**
 * The merges of main up to one of them, by their numbers (PROTOCOL §4.3): each is the first parent of the next. Walks
 * back only when it is asked. Thread-safe.
 *
 * @param repository holds them
 * @param newest commit of the last one
 * @param seq its number; 0 for genesis
 */
public record Chain(Repository repository, String newest, long seq) {
    /** The commit of a merge by its number, which lies between 0, for genesis, and {@link #seq}. */
    public String commit(long number) {
        if (number < 0 || number > seq) {
            throw new IllegalArgumentException("no merge before has the number " + number);
        }
        String commit = newest;
        for (long steps = seq - number; steps > 0; steps--) {
            commit = before(commit);
        }
        return commit;
    }

    private String before(String commit) {
        return repository.getCommit(commit).parents().stream()
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "recovery-range", "there are not as many merges before " + newest + " as its number says"));
    }

    /** The tree of that commit. */
    public Snapshot tree(long number) {
        return repository.snapshot(commit(number));
    }
}
