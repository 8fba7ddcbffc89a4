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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Objects of a JGit repository under refs that were fixed beforehand and never move. Thread-safe. */
public final class DetachedRepository implements Repository {
    private static final String BRANCHES = "refs/heads/";
    private static final String FETCHED = "refs/remotes/origin/";

    private final org.eclipse.jgit.lib.Repository jgit;
    private final SortedMap<String, String> refs;
    private final Trees trees;
    private final GitHistory history;

    public DetachedRepository(
            org.eclipse.jgit.lib.Repository jgit, Map<String, String> refs, GitObjects objects, Trees trees) {
        this.jgit = jgit;
        this.refs = new TreeMap<>(refs);
        this.trees = trees;
        this.history = new GitHistory(objects, trees);
    }

    /** The ref itself, or what was fetched of a branch that was never checked out. */
    @Override
    public Optional<String> findRef(String ref) {
        String fetched = ref.startsWith(BRANCHES) ? FETCHED + ref.substring(BRANCHES.length()) : ref;
        return Optional.ofNullable(refs.get(ref)).or(() -> Optional.ofNullable(refs.get(fetched)));
    }

    @Override
    public Optional<String> readRef(String ref) {
        return findRef(ref);
    }

    @Override
    public Map<String, String> listRefs(String prefix) {
        return refs.tailMap(prefix).entrySet().stream()
                .filter(ref -> ref.getKey().startsWith(prefix))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    @Override
    public Commit getCommit(String commitId) {
        return history.get(commitId);
    }

    @Override
    public Snapshot snapshot(String commitId) {
        return trees.snapshot(history.get(commitId).treeId());
    }

    @Override
    public Snapshot snapshotOfTree(String treeId) {
        return trees.snapshot(treeId);
    }

    @Override
    public Optional<String> mergeBase(String left, String right) {
        return history.mergeBase(left, right);
    }

    @Override
    public List<Commit> commitsBetween(String base, String tip, int limit) {
        return history.between(base, tip, limit);
    }

    @Override
    public String edit(@Nullable String treeId, Map<String, Edit> edits) {
        return trees.edit(treeId, edits);
    }

    @Override
    public Snapshot edited(@Nullable String treeId, Map<String, Edit> edits) {
        return trees.edited(treeId, edits);
    }

    @Override
    public String commit(CommitDraft draft, Signer signer) {
        return history.write(draft, signer);
    }

    @Override
    public String commit(CommitDraft draft) {
        return history.write(draft);
    }

    @Override
    public void force() {
        throw new UnsupportedOperationException("nothing that is written here stays");
    }

    @Override
    public boolean moveRefs(List<RefMove> moves) {
        throw new UnsupportedOperationException("these refs never move");
    }

    @Override
    public void close() {
        jgit.close();
    }
}
