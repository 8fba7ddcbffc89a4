package countersign.git.transport;

import countersign.codec.Refusal;
import countersign.git.GitRepository;
import countersign.git.object.DetachedRepository;
import countersign.git.object.Disk;
import countersign.git.object.GitHistory;
import countersign.git.object.GitObjects;
import countersign.repository.Repository;
import countersign.repository.object.ObjectStore;
import countersign.repository.object.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A repository for the length of one push: it has the store's objects as alternates and keeps new ones to itself. */
final class Quarantine implements AutoCloseable {
    private final Path folder;
    private final FileRepository jgit;
    private final GitObjects objects;
    private final DetachedRepository view;

    private Quarantine(Path folder, FileRepository jgit, Map<String, String> refs, Trees known) {
        this.folder = folder;
        this.jgit = jgit;
        this.objects = new GitObjects(jgit, null, GitObjects.Reading.TRUSTING);
        Trees trees = known.extendedBy(objects);
        this.view = new DetachedRepository(jgit, refs, objects, trees);
    }

    /** Opens a place beside a repository's objects where a push can be received. */
    static Quarantine open(GitRepository store, PackLimits limits) throws IOException {
        Map<String, String> refs = store.listRefs(Constants.R_REFS);
        store.flush();
        Path parent = store.incoming();
        Files.createDirectories(parent);
        Path folder = Files.createTempDirectory(parent, "push-");
        Files.createDirectories(folder.resolve("objects/pack"));
        Files.createDirectory(folder.resolve("refs"));
        Files.writeString(folder.resolve(Constants.HEAD), "ref: " + Repository.MAIN + "\n", StandardCharsets.US_ASCII);
        FileRepositoryBuilder builder = new FileRepositoryBuilder();
        builder.setGitDir(folder.toFile()).setBare();
        builder.addAlternateObjectDirectory(store.files().getObjectsDirectory());
        builder.setup();
        FileRepository jgit = new FileRepository(builder) {
            @Override
            public ObjectInserter newObjectInserter() {
                return limits.around(super.newObjectInserter());
            }
        };
        jgit.getConfig().setBoolean("receive", null, "autogc", false);
        return new Quarantine(folder, jgit, refs, store.trees());
    }

    FileRepository jgit() {
        return jgit;
    }

    GitHistory history() {
        return view.history();
    }

    Repository view() {
        return view;
    }

    boolean holdsCommit(String id) {
        return objects.holds(ObjectStore.Type.COMMIT, id);
    }

    byte[] read(String blobId, int maxBytes) {
        return objects.find(ObjectStore.Type.BLOB, blobId, maxBytes)
                .orElseThrow(() -> new Refusal("no-such-file", "there is no blob " + blobId));
    }

    /** Deletes what was received; what was taken into the store is there. */
    @Override
    public void close() throws IOException {
        jgit.close();
        Disk.deleteFolder(folder);
    }
}
