package countersign.git.object;

import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.object.Trees;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a repository of JGit says of its trees and commits, whatever its refs are. Thread-safe. */
public abstract class GitContents implements Repository {
    private final GitHistory history;
    private final Trees trees;

    public GitContents(GitObjects objects, Trees trees) {
        this.history = new GitHistory(objects, trees);
        this.trees = trees;
    }

    @Override
    public final Commit getCommit(String commitId) {
        return history.get(commitId);
    }

    @Override
    public final Snapshot snapshotOfTree(String treeId) {
        return trees.snapshot(treeId);
    }

    @Override
    public final Optional<String> mergeBase(String left, String right) {
        return history.mergeBase(left, right);
    }

    @Override
    public final List<Commit> commitsBetween(String base, String tip, int limit) {
        return history.between(base, tip, limit);
    }

    @Override
    public String edit(@Nullable String treeId, Map<String, Edit> edits) {
        return trees.edit(treeId, edits);
    }

    @Override
    public final Snapshot edited(@Nullable String treeId, Map<String, Edit> edits) {
        return trees.edited(treeId, edits);
    }

    @Override
    public final String commit(CommitDraft draft, Signer signer) {
        return history.write(draft, signer);
    }

    @Override
    public final String commit(CommitDraft draft) {
        return history.write(draft);
    }

    /** The commits, for questions that only this room asks. */
    public final GitHistory history() {
        return history;
    }

    /** The trees, which others may {@linkplain Trees#extendedBy extend}. */
    public final Trees trees() {
        return trees;
    }
}
