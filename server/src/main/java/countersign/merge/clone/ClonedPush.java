package countersign.merge.clone;

import countersign.codec.Refusal;
import countersign.manifest.Manifest;
import countersign.merge.Proposals;
import countersign.repository.Commit;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import countersign.repository.push.Push;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The push that would bring a commit of a clone to the server: what main does not have of it. Not thread-safe. */
final class ClonedPush implements Push {
    private final Repository clone;
    private final String pusher;
    private final List<Commit> commits;
    private final List<NewFile> files = new ArrayList<>();
    private final Map<String, NewFile> byBlob = new HashMap<>();

    ClonedPush(Repository clone, String main, String tip, String pusher) {
        this.clone = clone;
        this.pusher = pusher;
        this.commits = clone.commitsBetween(main, tip, Proposals.MAX_COMMITS);
        commits.forEach(this::addFiles);
    }

    @Override
    public String pusher() {
        return pusher;
    }

    @Override
    public List<String> options() {
        return List.of();
    }

    @Override
    public List<Update> updates() {
        return List.of();
    }

    @Override
    public Repository view() {
        return clone;
    }

    @Override
    public List<Commit> newCommits() {
        return commits;
    }

    @Override
    public List<NewFile> newFiles() {
        return List.copyOf(files);
    }

    @Override
    public byte[] read(String blobId, int maxBytes) {
        NewFile file = byBlob.get(blobId);
        if (file == null) {
            throw new Refusal("no-such-file", "the push brings no blob " + blobId);
        }
        return clone.snapshot(file.commitId()).read(file.path(), maxBytes);
    }

    @Override
    public void say(String line) {
        throw new UnsupportedOperationException("nobody listens");
    }

    private void addFiles(Commit commit) {
        List<Snapshot> parents = commit.parents().stream().map(clone::snapshot).toList();
        if (parents.isEmpty()) {
            throw new Refusal("unrelated-history", "commit " + commit.id() + " has no parent");
        }
        Snapshot own = clone.snapshotOfTree(commit.treeId());
        for (Difference difference : Differences.between(parents.get(0), own, Manifest.MAX_FILES)) {
            TreeEntry entry = difference.after();
            if (entry != null && parents.stream().noneMatch(parent -> holds(parent, difference.path(), entry))) {
                NewFile file = new NewFile(commit.id(), difference.path(), entry, 0);
                files.add(file);
                byBlob.putIfAbsent(entry.id(), file);
            }
        }
    }

    private static boolean holds(Snapshot parent, String path, TreeEntry entry) {
        return parent.find(path).filter(entry::equals).isPresent();
    }
}
