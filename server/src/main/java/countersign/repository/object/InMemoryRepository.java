package countersign.repository.object;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A repository that lives as long as the process, with Git's own object ids. Refs are guarded by their monitor. */
public final class InMemoryRepository implements Repository {
    private static final Comparator<Commit> NEWEST_FIRST = Comparator.comparing(
                    (Commit commit) -> commit.committer().when())
            .reversed()
            .thenComparing(Commit::id);

    private final Heap heap = new Heap();
    private final Trees trees = new Trees(heap);
    private final TreeMap<String, String> refs = new TreeMap<>();

    @Override
    public Optional<String> findRef(String ref) {
        synchronized (refs) {
            return Optional.ofNullable(refs.get(ref));
        }
    }

    @Override
    public Optional<String> readRef(String ref) {
        return findRef(ref);
    }

    @Override
    public Map<String, String> listRefs(String prefix) {
        synchronized (refs) {
            Map<String, String> found = new TreeMap<>(refs.tailMap(prefix));
            found.keySet().removeIf(ref -> !ref.startsWith(prefix));
            return found;
        }
    }

    @Override
    public Commit getCommit(String commitId) {
        byte[] bytes = heap.find(ObjectStore.Type.COMMIT, commitId, CommitFormat.MAX_BYTES)
                .orElseThrow(() -> new Refusal("no-such-commit", "the repository holds no commit " + commitId));
        return CommitFormat.parse(commitId, bytes);
    }

    @Override
    public Snapshot snapshotOfTree(String treeId) {
        return trees.snapshot(treeId);
    }

    @Override
    public Optional<String> mergeBase(String left, String right) {
        Set<String> common = ancestors(left);
        common.retainAll(ancestors(right));
        Set<String> covered = new HashSet<>();
        common.forEach(id -> covered.addAll(getCommit(id).parents()));
        return common.stream()
                .filter(id -> !covered.contains(id))
                .map(this::getCommit)
                .min(NEWEST_FIRST)
                .map(Commit::id);
    }

    @Override
    public List<Commit> commitsBetween(String base, String tip, int limit) {
        Set<String> wanted = ancestors(tip);
        wanted.removeAll(ancestors(base));
        if (wanted.size() > limit) {
            throw new Refusal("too-many-commits", "more than " + limit + " commits from " + base + " to " + tip);
        }
        return childrenFirst(wanted);
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
        requireLinks(draft);
        byte[] payload = CommitFormat.payload(draft);
        return heap.put(ObjectStore.Type.COMMIT, CommitFormat.signed(payload, signer.apply(payload)));
    }

    @Override
    public String commit(CommitDraft draft) {
        requireLinks(draft);
        return heap.put(ObjectStore.Type.COMMIT, CommitFormat.payload(draft));
    }

    @Override
    public void force() {}

    @Override
    public boolean moveRefs(List<RefMove> moves) {
        synchronized (refs) {
            boolean current = moves.stream().allMatch(move -> Objects.equals(refs.get(move.ref()), move.expected()));
            moves.stream().map(RefMove::next).filter(Objects::nonNull).forEach(this::getCommit);
            if (current) {
                moves.forEach(this::move);
            }
            return current;
        }
    }

    @Override
    public void close() {}

    private void move(RefMove move) {
        if (move.next() == null) {
            refs.remove(move.ref());
        } else {
            refs.put(move.ref(), move.next());
        }
    }

    private void requireLinks(CommitDraft draft) {
        trees.snapshot(draft.treeId());
        draft.parents().forEach(this::getCommit);
    }

    private Set<String> ancestors(String tip) {
        Set<String> seen = new HashSet<>();
        List<String> open = new ArrayList<>(List.of(tip));
        while (!open.isEmpty()) {
            String id = open.remove(open.size() - 1);
            if (seen.add(id)) {
                open.addAll(getCommit(id).parents());
            }
        }
        return seen;
    }

    private List<Commit> childrenFirst(Set<String> wanted) {
        Map<String, Integer> children = new HashMap<>();
        wanted.forEach(id -> getCommit(id).parents().forEach(parent -> children.merge(parent, 1, Integer::sum)));
        PriorityQueue<Commit> ready = new PriorityQueue<>(NEWEST_FIRST);
        wanted.stream()
                .filter(id -> !children.containsKey(id))
                .map(this::getCommit)
                .forEach(ready::add);
        List<Commit> ordered = new ArrayList<>();
        while (!ready.isEmpty()) {
            Commit commit = ready.remove();
            ordered.add(commit);
            commit.parents().stream()
                    .filter(parent -> wanted.contains(parent) && children.merge(parent, -1, Integer::sum) == 0)
                    .map(this::getCommit)
                    .forEach(ready::add);
        }
        return List.copyOf(ordered);
    }

    /** The objects; a key is the type's word and the id. */
    static final class Heap implements ObjectStore {
        private final Map<String, byte[]> objects = new ConcurrentHashMap<>();

        @Override
        public Optional<byte[]> find(Type type, String id, int maxBytes) {
            byte[] bytes = objects.get(type.word() + id);
            if (bytes != null && bytes.length > maxBytes) {
                throw new Refusal("too-large", "at most " + maxBytes + " bytes are read, this has " + bytes.length);
            }
            return Optional.ofNullable(bytes).map(byte[]::clone);
        }

        @Override
        public boolean holds(Type type, String id) {
            return objects.containsKey(type.word() + id);
        }

        @Override
        public String put(Type type, byte[] bytes) {
            String id = ObjectStore.idOf(type, bytes);
            objects.putIfAbsent(type.word() + id, Arrays.copyOf(bytes, bytes.length));
            return id;
        }

        @Override
        public Sha256 digest(String blobId) {
            return find(Type.BLOB, blobId, Integer.MAX_VALUE)
                    .map(Sha256::of)
                    .orElseThrow(() -> new Refusal("no-such-file", "the repository holds no blob " + blobId));
        }
    }
}
