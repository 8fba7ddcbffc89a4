package countersign.git.object;

import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/** Lets JGit read objects that are written but have no file yet, before those that have one. */
final class PendingReader extends ObjectReader {
    private final GitObjects objects;
    private final ObjectReader files;

    PendingReader(GitObjects objects, ObjectReader files) {
        this.objects = objects;
        this.files = files;
    }

    @Override
    public ObjectReader newReader() {
        return new PendingReader(objects, files.newReader());
    }

    @Override
    public Collection<ObjectId> resolve(AbbreviatedObjectId id) throws IOException {
        return files.resolve(id);
    }

    @Override
    public ObjectLoader open(AnyObjectId id, int type) throws IOException {
        GitObjects.Pending pending = objects.pending(id.name());
        if (pending == null) {
            return files.open(id, type);
        }
        int stored = GitObjects.code(pending.type());
        if (type != OBJ_ANY && type != stored) {
            throw new IncorrectObjectTypeException(id.copy(), type);
        }
        return new ObjectLoader.SmallObject(stored, pending.bytes());
    }

    /** None: what a clone says that it lacks must not hide who wrote it. A commit that is missing is noticed. */
    @Override
    public Set<ObjectId> getShallowCommits() {
        return Set.of();
    }

    @Override
    public void close() {
        files.close();
    }
}
