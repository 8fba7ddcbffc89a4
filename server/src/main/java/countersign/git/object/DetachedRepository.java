package countersign.git.object;

import countersign.repository.object.Trees;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Objects of a JGit repository under refs that were fixed beforehand and never move. Thread-safe. */
public final class DetachedRepository extends GitContents {
    private static final String BRANCHES = "refs/heads/";
    private static final String FETCHED = "refs/remotes/origin/";

    private final org.eclipse.jgit.lib.Repository jgit;
    private final SortedMap<String, String> refs;

    public DetachedRepository(
            org.eclipse.jgit.lib.Repository jgit, Map<String, String> refs, GitObjects objects, Trees trees) {
        super(objects, trees);
        this.jgit = jgit;
        this.refs = new TreeMap<>(refs);
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
