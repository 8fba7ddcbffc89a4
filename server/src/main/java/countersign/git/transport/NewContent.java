package countersign.git.transport;

import countersign.codec.Refusal;
import countersign.repository.Commit;
import countersign.repository.EnteredFolders;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import countersign.repository.object.ObjectStore;
import countersign.repository.push.Push.NewFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * What new commits bring: the commits, and every folder and file that none of a commit's parents has at the same path.
 * What a parent has was brought by the parent, or was there before. Built once, read by one thread.
 */
final class NewContent {
    private static final String GITLINK = "160000";
    private static final int MAX_FILES = 100_000;
    private static final int SMALL_OBJECTS = 300;
    private static final long SMALL_BYTES = 2 << 20;

    private final Repository view;
    private final ObjectReader reader;
    private final Map<String, ObjectStore.Type> objects = new LinkedHashMap<>();
    private final List<NewFile> files = new ArrayList<>();
    private final EnteredFolders folders = new EnteredFolders();
    private long bytes;

    private NewContent(Repository view, ObjectReader reader) {
        this.view = view;
        this.reader = reader;
    }

    /**
     * Reads what the commits bring.
     *
     * @param commits no parent before its child
     */
    static NewContent of(List<Commit> commits, Repository view, org.eclipse.jgit.lib.Repository jgit) {
        try (ObjectReader reader = jgit.newObjectReader()) {
            NewContent content = new NewContent(view, reader);
            for (Commit commit : commits) {
                content.add(commit);
            }
            return content;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    List<NewFile> files() {
        return List.copyOf(files);
    }

    boolean isSmall() {
        return objects.size() <= SMALL_OBJECTS && bytes <= SMALL_BYTES;
    }

    /** The objects' types by their ids. */
    Map<String, ObjectStore.Type> objects() {
        return Collections.unmodifiableMap(objects);
    }

    private void add(Commit commit) throws IOException {
        objects.put(commit.id(), ObjectStore.Type.COMMIT);
        List<Snapshot> parents = commit.parents().stream().map(view::snapshot).toList();
        Snapshot snapshot = view.snapshotOfTree(commit.treeId());
        if (parents.stream().noneMatch(parent -> parent.treeId().equals(commit.treeId()))) {
            objects.put(commit.treeId(), ObjectStore.Type.TREE);
            addFolder(commit.id(), snapshot, parents, "");
        }
    }

    private void addFolder(String commitId, Snapshot snapshot, List<Snapshot> parents, String folder)
            throws IOException {
        folders.enter(folder);
        List<Map<String, TreeEntry>> known =
                parents.stream().map(parent -> byName(parent.list(folder))).toList();
        for (TreeEntry entry : snapshot.list(folder)) {
            if (known.stream().noneMatch(entries -> entry.equals(entries.get(entry.name())))) {
                String path = folder.isEmpty() ? entry.name() : folder + "/" + entry.name();
                if (entry.isFolder()) {
                    objects.put(entry.id(), ObjectStore.Type.TREE);
                    addFolder(commitId, snapshot, parents, path);
                } else {
                    addFile(commitId, path, entry);
                }
            }
        }
    }

    private static Map<String, TreeEntry> byName(List<TreeEntry> entries) {
        return entries.stream().collect(Collectors.toMap(TreeEntry::name, entry -> entry));
    }

    private void addFile(String commitId, String path, TreeEntry entry) throws IOException {
        if (files.size() == MAX_FILES) {
            throw new Refusal("too-many-paths", "one push brings at most " + MAX_FILES + " files");
        }
        long size = 0;
        if (!entry.rawMode().equals(GITLINK)) {
            size = reader.getObjectSize(ObjectId.fromString(entry.id()), Constants.OBJ_BLOB);
            objects.put(entry.id(), ObjectStore.Type.BLOB);
            bytes += size;
        }
        folders.found();
        files.add(new NewFile(commitId, path, entry, size));
    }
}
