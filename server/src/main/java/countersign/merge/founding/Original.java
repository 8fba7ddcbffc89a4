package countersign.merge.founding;

import countersign.access.RepositorySettings;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.key.LoggedRevocation;
import countersign.gate.key.RevokedKeys;
import countersign.log.Checkpoint;
import countersign.log.LogEntry;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a copy is made from: a commit of another repository that its record log vouches for.
 *
 * @param commit its genesis, or one of its merges
 * @param tree the files of that commit
 * @param settings its trust root
 * @param revoked every key that its record log revokes, until now
 * @param seen its record log, until now
 */
public record Original(
        String commit, Snapshot tree, RepositorySettings settings, RevokedKeys revoked, Checkpoint seen) {
    private static final int SHORTEST = 7;

    /**
     * Reads it. Refuses {@code not-a-merge} a commit that the log does not name, and {@code content-root} one whose files
     * are not those that it names.
     *
     * @param entries the whole log
     * @param wanted the commit, or the beginning of its id; empty for the last merge
     */
    public static Original of(
            Repository repository,
            DocumentReader documents,
            Stream<LogEntry> entries,
            Checkpoint seen,
            Optional<String> wanted) {
        Walk walk = new Walk();
        entries.forEachOrdered(walk::take);
        String commit = wanted.map(walk::find).orElseGet(walk::last);
        Snapshot tree = repository.snapshot(commit);
        if (!tree.contentRoot().equals(walk.roots.get(commit))) {
            throw new Refusal(
                    "content-root",
                    "the record log says that " + commit + " has the content root " + walk.roots.get(commit)
                            + ", its files have " + tree.contentRoot());
        }
        return new Original(commit, tree, RepositorySettings.of(tree, documents), walk.revoked, seen);
    }

    /** What the log says, entry by entry. */
    private static final class Walk {
        private final Map<String, Sha256> roots = new LinkedHashMap<>();
        private RevokedKeys revoked = RevokedKeys.none();
        private String newest = "";
        private long index;

        void take(LogEntry entry) {
            if (entry instanceof LogEntry.Genesis genesis) {
                reach(genesis.commit(), genesis.contentRoot());
            } else if (entry instanceof LogEntry.Merge merge) {
                reach(merge.after(), merge.contentRoot());
            } else if (entry instanceof LogEntry.Revocation revocation) {
                revoked = revoked.with(LoggedRevocation.of(revocation, index));
            }
            index++;
        }

        private void reach(String commit, Sha256 root) {
            roots.put(commit, root);
            newest = commit;
        }

        String last() {
            if (newest.isEmpty()) {
                throw new Refusal("no-genesis", "the record log has no genesis");
            }
            return newest;
        }

        String find(String wanted) {
            List<String> found = roots.keySet().stream()
                    .filter(commit -> wanted.length() >= SHORTEST && commit.startsWith(wanted))
                    .toList();
            if (found.size() != 1) {
                throw new Refusal(
                        "not-a-merge",
                        wanted + " names " + found.size() + " of the " + roots.size()
                                + " commits that the record log vouches for",
                        "name its genesis or one of its merges by at least " + SHORTEST
                                + " digits; countersign history lists them");
            }
            return found.get(0);
        }
    }
}
