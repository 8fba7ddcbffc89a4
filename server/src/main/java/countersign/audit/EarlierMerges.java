package countersign.audit;

import countersign.codec.Sha256;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.repository.Commit;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The merges before the place where a verification begins, found along the first parents: receipts may still come for
 * them. Remembers how far it went. Thread-safe.
 */
final class EarlierMerges {
    private final Repository clone;
    private final Set<String> walked = new HashSet<>();
    private Optional<String> next;

    EarlierMerges(Repository clone, String start) {
        this.clone = clone;
        this.next = Optional.of(start);
    }

    /** Whether one of them is this commit, and brought this change with this manifest. */
    boolean hold(String commit, ChangeId change, Sha256 manifest) {
        return isOne(commit) && brought(clone.getCommit(commit), change, manifest);
    }

    private synchronized boolean isOne(String commit) {
        while (!walked.contains(commit) && next.isPresent()) {
            Commit found = clone.getCommit(next.get());
            walked.add(found.id());
            next = found.parents().stream().findFirst();
        }
        return walked.contains(commit);
    }

    private boolean brought(Commit commit, ChangeId change, Sha256 manifest) {
        String path = change.folder() + "/manifest.json";
        Snapshot after = clone.snapshotOfTree(commit.treeId());
        return commit.parents().size() == 2
                && clone.snapshot(commit.parents().get(0)).find(path).isEmpty()
                && after.find(path).isPresent()
                && Sha256.of(after.read(path, Manifest.MAX_BYTES)).equals(manifest);
    }
}
