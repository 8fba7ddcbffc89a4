package countersign.git;

import countersign.codec.Refusal;
import countersign.repository.Repository.RefMove;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.jspecify.annotations.Nullable;

/**
 * The refs of a JGit repository, remembered. Thread-safe: reads take an immutable map, moves take turns. A move is a
 * compare-and-swap both of what is remembered and of what is on the disk.
 */
final class GitRefs {
    private final Repository repository;
    private volatile SortedMap<String, String> remembered;

    GitRefs(Repository repository) throws IOException {
        this.repository = repository;
        this.remembered = load();
    }

    Optional<String> find(String ref) {
        return Optional.ofNullable(remembered.get(ref));
    }

    /** Reads one ref from the disk. */
    synchronized Optional<String> read(String ref) throws IOException {
        Ref found = repository.exactRef(ref);
        String now = found == null || found.getObjectId() == null
                ? null
                : found.getObjectId().name();
        if (!Objects.equals(now, remembered.get(ref))) {
            remember(List.of(new RefMove(ref, null, now)));
        }
        return Optional.ofNullable(now);
    }

    SortedMap<String, String> list(String prefix) {
        SortedMap<String, String> found = new TreeMap<>();
        for (Map.Entry<String, String> ref : remembered.tailMap(prefix).entrySet()) {
            if (!ref.getKey().startsWith(prefix)) {
                break;
            }
            found.put(ref.getKey(), ref.getValue());
        }
        return found;
    }

    synchronized boolean move(List<RefMove> moves) throws IOException {
        moves.forEach(move -> requireName(move.ref()));
        boolean expected = moves.stream().allMatch(move -> Objects.equals(remembered.get(move.ref()), move.expected()));
        if (!expected || moves.isEmpty()) {
            return expected;
        }
        if (moves.size() == 1 ? moveOne(moves.get(0)) : moveAll(moves)) {
            remember(moves);
            return true;
        }
        remembered = load();
        return false;
    }

    /** Sets a ref whatever it is now. */
    synchronized void set(String ref, @Nullable String next) throws IOException {
        RefUpdate update = update(ref);
        if (next == null) {
            update.delete();
        } else {
            update.setNewObjectId(ObjectId.fromString(next));
            update.forceUpdate();
        }
        remembered = load();
    }

    private static void requireName(String ref) {
        if (!Repository.isValidRefName(ref) || !ref.startsWith(Constants.R_REFS)) {
            throw new Refusal("malformed-ref", "Git cannot hold a ref of the name " + ref);
        }
    }

    private boolean moveOne(RefMove move) throws IOException {
        if (move.expected() != null && move.next() != null && swap(move.ref(), move.expected(), move.next())) {
            return true;
        }
        RefUpdate update = update(move.ref());
        update.setExpectedOldObjectId(id(move.expected()));
        if (move.next() == null) {
            return update.delete() == RefUpdate.Result.FORCED;
        }
        update.setNewObjectId(id(move.next()));
        return switch (update.forceUpdate()) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> true;
            case NOT_ATTEMPTED, LOCK_FAILURE, REJECTED, REJECTED_CURRENT_BRANCH, RENAMED -> false;
            case IO_FAILURE, REJECTED_MISSING_OBJECT, REJECTED_OTHER_REASON ->
                throw new IOException("the ref " + move.ref() + " could not be written");
        };
    }

    /**
     * Moves a ref that has a file of its own, under Git's lock for it. False, with nothing done, where it has none, is
     * locked or has another value: then JGit finds out why.
     */
    private boolean swap(String ref, String expected, String next) throws IOException {
        Path file = repository.getDirectory().toPath().resolve(ref);
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        try {
            Files.writeString(lock, next + "\n", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException | NoSuchFileException locked) {
            return false;
        }
        if (Files.exists(file) && Files.readString(file).equals(expected + "\n")) {
            Files.move(lock, file, StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
        Files.delete(lock);
        return false;
    }

    private RefUpdate update(String ref) throws IOException {
        RefUpdate update = repository.updateRef(ref, true);
        update.setForceUpdate(true);
        update.disableRefLog();
        return update;
    }

    private boolean moveAll(List<RefMove> moves) throws IOException {
        BatchRefUpdate batch = repository.getRefDatabase().newBatchUpdate();
        batch.setAtomic(true).setAllowNonFastForwards(true).disableRefLog();
        for (RefMove move : moves) {
            if (!Objects.equals(move.expected(), move.next())) {
                batch.addCommand(new ReceiveCommand(id(move.expected()), id(move.next()), move.ref()));
            }
        }
        try (RevWalk walk = new RevWalk(repository)) {
            batch.execute(walk, NullProgressMonitor.INSTANCE);
        }
        return batch.getCommands().stream().allMatch(command -> command.getResult() == ReceiveCommand.Result.OK);
    }

    private static ObjectId id(@Nullable String hex) {
        return hex == null ? ObjectId.zeroId() : ObjectId.fromString(hex);
    }

    private void remember(List<RefMove> moves) {
        SortedMap<String, String> next = new TreeMap<>(remembered);
        for (RefMove move : moves) {
            if (move.next() == null) {
                next.remove(move.ref());
            } else {
                next.put(move.ref(), move.next());
            }
        }
        remembered = next;
    }

    private SortedMap<String, String> load() throws IOException {
        Map<String, String> refs = new HashMap<>();
        for (Ref ref : repository.getRefDatabase().getRefsByPrefix("refs/")) {
            if (ref.getObjectId() != null) {
                refs.put(ref.getName(), ref.getObjectId().name());
            }
        }
        return new TreeMap<>(refs);
    }
}
