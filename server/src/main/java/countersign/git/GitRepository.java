package countersign.git;

import countersign.codec.Refusal;
import countersign.codec.disk.WritableFolder;
import countersign.git.object.ComputedObjects;
import countersign.git.object.DetachedRepository;
import countersign.git.object.Disk;
import countersign.git.object.GitContents;
import countersign.git.object.GitObjects;
import countersign.git.object.Journal;
import countersign.git.object.Recovery;
import countersign.repository.Edit;
import countersign.repository.Repository;
import countersign.repository.object.ObjectStore;
import countersign.repository.object.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bare Git repository on the local disk, which stock {@code git} can read at any time. Thread-safe. One process has it
 * open at a time; hands may still move refs by {@code git update-ref}, see {@link #readRef}.
 *
 * <p>New objects and moved refs go to a journal in {@code countersign/journal} and to memory; {@link #force} forces the
 * journal, alone for all who wait. A thread gives them files soon, a second later at most: loose objects, or a pack if
 * they are many, then the refs. So stock {@code git} sees a whole repository, perhaps a moment old; {@link #flush} makes
 * it present. What only the journal has when the process or the machine stops, {@link #open} brings to files.
 */
public final class GitRepository extends GitContents {
    private static final Logger LOG = LoggerFactory.getLogger(GitRepository.class);
    private static final String JOURNAL = "countersign/journal";
    private static final String INCOMING = "countersign/incoming";
    private static final int MAX_JOURNAL_FILES = 8;
    private static final int TOO_MANY_PENDING = 30_000;

    private final FileRepository jgit;
    private final Journal journal;
    private final WritableFolder folder;
    private final GitObjects objects;
    private final GitRefs refs;
    private final PackFiles packs;
    private final Packing packing;
    private final PackMerging merging;
    private final PackingRhythm rhythm;

    private GitRepository(FileRepository jgit, Journal journal, GitObjects objects) throws IOException {
        super(objects, new Trees(objects));
        this.jgit = jgit;
        this.journal = journal;
        this.folder = new WritableFolder(jgit.getDirectory().toPath());
        this.objects = objects;
        this.refs = new GitRefs(jgit);
        this.packs = new PackFiles(jgit);
        this.packing = new Packing(jgit, objects, refs, journal, packs);
        this.merging = new PackMerging(
                jgit, packs, PackMerging.mostObjects(Runtime.getRuntime().maxMemory()));
        this.rhythm = new PackingRhythm(objects, journal, packing, merging);
    }

    private GitRepository start() {
        rhythm.start();
        return this;
    }

    /** Makes a bare repository whose HEAD is {@code refs/heads/main}; a Refusal {@code repository-exists} if one is there. */
    public static GitRepository create(Path folder) {
        HermeticSystem.install();
        if (Files.exists(folder.resolve(Constants.HEAD))) {
            throw new Refusal("repository-exists", "there is a repository at " + folder + " already");
        }
        try (FileRepository created = new FileRepository(folder.toFile())) {
            created.create(true);
            configure(created.getConfig());
            RefUpdate head = created.updateRef(Constants.HEAD);
            head.disableRefLog();
            head.link(MAIN);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return open(folder);
    }

    /** Opens a bare repository for reading and writing; a Refusal {@code no-repository} if there is none. */
    public static GitRepository open(Path folder) {
        HermeticSystem.install();
        if (!Files.exists(folder.resolve(Constants.HEAD))) {
            throw new Refusal("no-repository", "there is no bare Git repository at " + folder);
        }
        try {
            FileRepository jgit = new FileRepository(folder.toFile());
            String boot = Disk.boot();
            Path journal = folder.resolve(JOURNAL);
            new PackFiles(jgit).deleteStaged();
            Disk.deleteFolder(folder.resolve(INCOMING));
            Disk.deleteLocks(folder);
            new Recovery(jgit).run(Journal.files(journal), boot);
            RepositoryCache.register(jgit);
            GitRepository repository = open(jgit, Journal.open(journal, boot));
            if (Journal.files(journal).size() > MAX_JOURNAL_FILES) {
                repository.packing.pack();
            }
            return repository.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static GitRepository open(FileRepository jgit, Journal journal) throws IOException {
        return new GitRepository(jgit, journal, new GitObjects(jgit, journal, GitObjects.Reading.TRUSTING));
    }

    /**
     * Opens a clone, bare or not, for reading only; a tree that is computed over it stays in memory. Every object that
     * is read is held against its id: a Refusal {@code corrupt-object} where they differ. A branch that only {@code refs/remotes/origin} has is found by its own
     * name as well.
     */
    public static Repository openForReading(Path clone) {
        HermeticSystem.install();
        try {
            FileRepositoryBuilder builder = new FileRepositoryBuilder();
            builder.setMustExist(true);
            boolean worktree = Files.exists(clone.resolve(Constants.DOT_GIT));
            FileRepository jgit = (FileRepository)
                    (worktree ? builder.setWorkTree(clone.toFile()) : builder.setGitDir(clone.toFile())).build();
            GitObjects objects = new GitObjects(jgit, null, GitObjects.Reading.CHECKING);
            Trees trees = new Trees(new ComputedObjects(objects));
            return new DetachedRepository(jgit, new GitRefs(jgit).list(Constants.R_REFS), objects, trees);
        } catch (org.eclipse.jgit.errors.RepositoryNotFoundException missing) {
            throw new Refusal("no-repository", "there is no Git repository at " + clone);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public Optional<String> findRef(String ref) {
        return refs.find(ref);
    }

    @Override
    public Optional<String> readRef(String ref) {
        return attempt(() -> refs.read(ref));
    }

    @Override
    public Map<String, String> listRefs(String prefix) {
        return refs.list(prefix);
    }

    @Override
    public String edit(@Nullable String treeId, Map<String, Edit> edits) {
        if (objects.pendingCount() > TOO_MANY_PENDING) {
            flush();
        }
        return super.edit(treeId, edits);
    }

    @Override
    public void force() {
        journal.force();
    }

    @Override
    public Optional<String> findProblem() {
        return journal.findProblem().or(folder::findProblem);
    }

    @Override
    public boolean moveRefs(List<RefMove> moves) {
        moves.stream().map(RefMove::next).filter(Objects::nonNull).forEach(this::getCommit);
        return attempt(() -> objects.whileWriting(() -> refs.move(moves, journal)));
    }

    /** Gives files to everything written so far, so that stock git sees it. */
    public void flush() {
        attempt(() -> {
            packing.flush();
            return true;
        });
    }

    /** Begins to copy the repository to a folder that is absent or empty; others read and write meanwhile. */
    public RepositoryCopy startCopy(Path folder) {
        return attempt(() -> RepositoryCopy.start(jgit.getDirectory().toPath(), folder, this));
    }

    /** Does something while everything written so far has files and none of them changes. */
    <T> T whileStill(GitObjects.Step<T> step) {
        return attempt(() -> merging.whileStill(() -> packing.whileStill(step)));
    }

    /** Packs what is loose and merges packs, all if much has come, now and in this thread. */
    public void pack() {
        attempt(() -> {
            packing.pack();
            merging.merge(true, NullProgressMonitor.INSTANCE);
            return true;
        });
    }

    /** From now on merges packs by itself, too, in a thread that gives way to those that write. */
    public void startPacking() {
        rhythm.startMerging();
    }

    /** Ends packing, waits for a round that is under way, and brings everything to files. */
    @Override
    public void close() {
        try {
            if (!rhythm.stop()) {
                LOG.warn("packing {} goes on while the repository is closed", jgit.getDirectory());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        attempt(() -> {
            try (journal) {
                flushLast();
            } finally {
                RepositoryCache.unregister(jgit);
                jgit.close();
            }
            return true;
        });
    }

    private void flushLast() throws IOException {
        try {
            packing.flush();
        } catch (IOException failed) {
            if (findProblem().isEmpty()) {
                throw failed;
            }
            LOG.warn("what only the journal has gets its files at the next start: {}", failed.getMessage());
        }
    }

    /**
     * Copies a commit of another repository on this machine, with its whole history; gives its id. A Refusal
     * {@code no-repository} or {@code no-such-commit} if it is not there.
     */
    public String adopt(Path other, String revision) {
        return attempt(() -> new Adoption(jgit).copy(other, revision));
    }

    /** The same repository as JGit has it: what has files. Not to be closed, and for this room only. */
    public FileRepository files() {
        return jgit;
    }

    /** Where pushes are received; what is left there is deleted when the repository is opened. */
    public Path incoming() {
        return jgit.getDirectory().toPath().resolve(INCOMING);
    }

    /** Runs something soon in a thread of this repository, so that nobody waits for it. */
    public void soon(Runnable task) {
        rhythm.execute(task);
    }

    /** Takes a few objects in that another repository holds; the journal has them. */
    public void copyFew(FileRepository source, Map<String, ObjectStore.Type> typeById) {
        GitObjects from = new GitObjects(source, null, GitObjects.Reading.TRUSTING);
        typeById.forEach((id, type) -> objects.put(type, from.get(type, id)));
    }

    /** Takes many objects in that another repository holds, as a pack of their own. */
    public void copyMany(FileRepository source, Map<String, ObjectStore.Type> typeById) throws IOException {
        Map<ObjectId, Integer> typed = new LinkedHashMap<>();
        typeById.forEach((id, type) -> typed.put(ObjectId.fromString(id), GitObjects.code(type)));
        try (ObjectReader reader = source.newObjectReader()) {
            packs.write(reader, typed);
        }
    }

    /** How many records the journal's present file has. */
    int journalSize() {
        return journal.size();
    }

    private static void configure(StoredConfig config) throws IOException {
        config.setBoolean(ConfigConstants.CONFIG_CORE_SECTION, null, "logAllRefUpdates", false);
        config.setInt(ConfigConstants.CONFIG_CORE_SECTION, null, "compression", 1);
        config.setBoolean("uploadpack", null, "allowFilter", true);
        config.setInt("gc", null, "auto", 0);
        config.setString("gc", null, "pruneExpire", "never");
        config.save();
    }

    private static <T> T attempt(GitObjects.Step<T> step) {
        try {
            return step.run();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
