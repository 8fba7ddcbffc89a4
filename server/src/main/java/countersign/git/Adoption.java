package countersign.git;

import countersign.codec.Refusal;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;

/** Brings the history of another repository on this machine into ours, every object checked. */
final class Adoption {
    private final FileRepository into;

    Adoption(FileRepository into) {
        this.into = into;
    }

    /** Copies a commit and all that it reaches; gives the commit's id. */
    String copy(Path folder, String revision) throws IOException {
        try (FileRepository source = open(folder)) {
            ObjectId commit = commit(source, folder, revision);
            Path pack = Files.createTempFile(into.getDirectory().toPath(), "adopted", ".pack");
            try {
                write(source, commit, pack);
                insert(pack);
            } finally {
                Files.delete(pack);
            }
            return commit.name();
        }
    }

    private static FileRepository open(Path folder) throws IOException {
        Path inside = folder.resolve(Constants.DOT_GIT);
        Path directory = Files.isDirectory(inside) ? inside : folder;
        if (!Files.exists(directory.resolve(Constants.HEAD))) {
            throw new Refusal("no-repository", "there is no Git repository at " + folder);
        }
        return (FileRepository)
                new FileRepositoryBuilder().setGitDir(directory.toFile()).build();
    }

    private static ObjectId commit(FileRepository source, Path folder, String revision) throws IOException {
        try {
            ObjectId found = source.resolve(revision + "^{commit}");
            if (found != null) {
                return found;
            }
        } catch (RevisionSyntaxException | AmbiguousObjectException | IncorrectObjectTypeException unclear) {
            throw noSuchCommit(folder, revision);
        }
        throw noSuchCommit(folder, revision);
    }

    private static Refusal noSuchCommit(Path folder, String revision) {
        return new Refusal("no-such-commit", folder + " has no single commit called " + revision);
    }

    private static void write(FileRepository source, ObjectId commit, Path pack) throws IOException {
        try (PackWriter writer = new PackWriter(source);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(pack))) {
            writer.preparePack(NullProgressMonitor.INSTANCE, Set.of(commit), Set.of());
            writer.writePack(NullProgressMonitor.INSTANCE, NullProgressMonitor.INSTANCE, out);
        }
    }

    private void insert(Path pack) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(pack));
                ObjectInserter inserter = into.newObjectInserter()) {
            PackParser parser = inserter.newPackParser(in);
            parser.setObjectChecker(new ObjectChecker());
            parser.parse(NullProgressMonitor.INSTANCE);
            inserter.flush();
        }
    }
}
