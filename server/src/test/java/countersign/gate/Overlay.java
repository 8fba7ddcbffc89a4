package countersign.gate;

import countersign.codec.Sha256;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tree with one more entry at its root, such as no client of ours would write: a symbolic link or a submodule. */
public final class Overlay implements Snapshot {
    private final Snapshot real;
    private final TreeEntry added;

    public Overlay(Snapshot real, String name, String mode) {
        this.real = real;
        this.added = new TreeEntry(
                name,
                mode,
                real.list("").stream()
                        .filter(entry -> !entry.isFolder())
                        .findFirst()
                        .orElseThrow()
                        .id());
    }

    @Override
    public String treeId() {
        return real.treeId();
    }

    @Override
    public Optional<TreeEntry> find(String path) {
        return path.equals(added.name()) ? Optional.of(added) : real.find(path);
    }

    @Override
    public List<TreeEntry> list(String folder) {
        List<TreeEntry> entries = new ArrayList<>(real.list(folder));
        if (folder.isEmpty()) {
            entries.add(added);
        }
        return entries;
    }

    @Override
    public byte[] read(String path, int maxBytes) {
        return real.read(path, maxBytes);
    }

    @Override
    public Sha256 blobDigest(String blobId) {
        return real.blobDigest(blobId);
    }

    @Override
    public Sha256 contentRoot() {
        return real.contentRoot();
    }
}
