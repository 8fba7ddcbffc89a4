package countersign.repository.object;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.util.List;
import java.util.Optional;

/** A snapshot that reads its trees when asked. Immutable, as trees are. */
final class TreeSnapshot implements Snapshot {
    private final String treeId;
    private final Trees trees;
    private final ContentRoot contentRoot;
    private final ObjectStore objects;

    TreeSnapshot(String treeId, Trees trees, ContentRoot contentRoot, ObjectStore objects) {
        this.treeId = treeId;
        this.trees = trees;
        this.contentRoot = contentRoot;
        this.objects = objects;
    }

    @Override
    public String treeId() {
        return treeId;
    }

    @Override
    public Optional<TreeEntry> find(String path) {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        return folder(slash < 0 ? "" : path.substring(0, slash)).flatMap(tree -> child(tree, name));
    }

    @Override
    public List<TreeEntry> list(String folder) {
        return folder(folder).map(trees::read).orElse(List.of());
    }

    @Override
    public byte[] read(String path, int maxBytes) {
        TreeEntry entry = find(path).orElseThrow(() -> new Refusal("no-such-file", "there is no file " + path));
        if (entry.fileMode() == null) {
            throw new Refusal("no-such-file", path + " is not a file: its mode is " + entry.rawMode());
        }
        return objects.find(ObjectStore.Type.BLOB, entry.id(), maxBytes)
                .orElseThrow(
                        () -> new Refusal("no-such-file", "the blob " + entry.id() + " of " + path + " is missing"));
    }

    @Override
    public Sha256 blobDigest(String blobId) {
        return contentRoot.blobDigest(blobId);
    }

    @Override
    public Sha256 contentRoot() {
        return contentRoot.of(treeId);
    }

    @Override
    public Sha256 contentRootSince(Snapshot earlier) {
        return contentRoot.of(treeId, () -> Optional.of(earlier.treeId()));
    }

    private Optional<String> folder(String path) {
        String tree = treeId;
        for (int from = 0; from < path.length(); ) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            Optional<TreeEntry> entry = child(tree, path.substring(from, end)).filter(TreeEntry::isFolder);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            tree = entry.get().id();
            from = end + 1;
        }
        return Optional.of(tree);
    }

    private Optional<TreeEntry> child(String tree, String name) {
        return TreeEntry.find(trees.read(tree), name);
    }
}
