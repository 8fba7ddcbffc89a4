package countersign.git;

import countersign.codec.Refusal;
import countersign.git.object.Journal;
import countersign.repository.Repository.RefMove;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The refs of a JGit repository: moved in memory, published to the disk later. Thread-safe: reads take an immutable map,
 * moves take turns. Publishing is a compare-and-swap under Git's own locks; where somebody has moved a ref by other
 * means, that value stays and is taken over.
 */
final class GitRefs {
    private static final Logger LOG = LoggerFactory.getLogger(GitRefs.class);

    /** Where Git keeps many refs in one file. */
    private static final String PACKED = "packed-refs";

    private final Repository repository;
    private final SortedMap<String, String> published;
    private volatile SortedMap<String, String> remembered;

    /** The refs that memory and the disk may have different values of. */
    private final Set<String> ahead = new TreeSet<>();

    GitRefs(Repository repository) throws IOException {
        this.repository = repository;
        this.published = load();
        this.remembered = new TreeMap<>(published);
    }

    Optional<String> find(String ref) {
        return Optional.ofNullable(remembered.get(ref));
    }

    /** Finds a ref after a look at the disk. */
    synchronized Optional<String> read(String ref) throws IOException {
        adoptIfMoved(ref, onDisk(ref));
        return find(ref);
    }

    SortedMap<String, String> list(String prefix) {
        return new TreeMap<>(remembered.subMap(prefix, prefix + Character.MAX_VALUE));
    }

    /** Moves refs in memory and in the journal, all or none. */
    synchronized boolean move(List<RefMove> moves, Journal journal) {
        moves.forEach(move -> requireName(move.ref()));
        boolean expected = moves.stream().allMatch(move -> Objects.equals(remembered.get(move.ref()), move.expected()));
        if (expected) {
            SortedMap<String, String> next = new TreeMap<>(remembered);
            moves.forEach(move -> set(next, move.ref(), move.next()));
            moves.forEach(move -> requireNoConflict(next, move));
            journal.append(moves);
            remembered = next;
            moves.forEach(move -> ahead.add(move.ref()));
        }
        return expected;
    }

    /** The refs that are not on the disk as memory has them, deletions first. */
    synchronized List<RefMove> unpublished() {
        ahead.removeIf(ref -> Objects.equals(published.get(ref), remembered.get(ref)));
        List<RefMove> moves = new ArrayList<>();
        ahead.forEach(ref -> moves.add(new RefMove(ref, published.get(ref), remembered.get(ref))));
        moves.sort(Comparator.comparing(move -> move.next() != null));
        return moves;
    }

    /** Whether memory is ahead of the disk. */
    synchronized boolean isAhead() {
        return !ahead.isEmpty();
    }

    /** Brings moves to the disk; their commits have files. */
    void publish(List<RefMove> moves) throws IOException {
        for (RefMove move : moves) {
            publish(move);
        }
    }

    private synchronized void publish(RefMove move) throws IOException {
        if (swap(move) || update(move)) {
            set(published, move.ref(), move.next());
            settle(move.ref());
        } else {
            adoptIfMoved(move.ref(), onDisk(move.ref()));
        }
    }

    private void adoptIfMoved(String ref, @Nullable String now) {
        if (!Objects.equals(now, published.get(ref))) {
            LOG.warn("{} was moved to {} by other means, from {}", ref, now, published.get(ref));
            set(published, ref, now);
            SortedMap<String, String> next = new TreeMap<>(remembered);
            set(next, ref, now);
            remembered = next;
            settle(ref);
        }
    }

    private void settle(String ref) {
        if (Objects.equals(published.get(ref), remembered.get(ref))) {
            ahead.remove(ref);
        }
    }

    /**
     * Moves, makes or deletes a ref that has, or is to have, nothing but a file of its own, under Git's lock for it. False,
     * with nothing done, where it may stand among packed refs, is locked or has another value: then JGit finds out why.
     */
    private boolean swap(RefMove move) throws IOException {
        Path file = file(move.ref());
        if ((move.expected() == null || move.next() == null) && Files.exists(file(PACKED))) {
            return false;
        }
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        try {
            String content = move.next() == null ? "" : move.next() + "\n";
            create(lock, content);
        } catch (FileAlreadyExistsException | NoSuchFileException locked) {
            return false;
        }
        boolean expected = isExpected(file, move.expected());
        if (expected && move.next() != null) {
            Files.move(lock, file, StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
        if (expected) {
            Files.delete(file);
        }
        Files.delete(lock);
        return expected && Files.notExists(file(PACKED));
    }

    /** Makes a lock with its content; where the disk does not take it, the lock does not stay. */
    private static void create(Path lock, String content) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
            boolean whole = false;
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                whole = true;
            } finally {
                if (!whole) {
                    Files.delete(lock);
                }
            }
        }
    }

    private static boolean isExpected(Path file, @Nullable String expected) throws IOException {
        return expected == null
                ? Files.notExists(file)
                : Files.isRegularFile(file) && Files.readString(file).equals(expected + "\n");
    }

    private boolean update(RefMove move) throws IOException {
        RefUpdate update = repository.updateRef(move.ref(), true);
        update.setForceUpdate(true);
        update.disableRefLog();
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

    private @Nullable String onDisk(String ref) throws IOException {
        requireName(ref);
        Path file = file(ref);
        if (Files.isRegularFile(file)) {
            String text = Files.readString(file);
            if (text.length() == 41 && ObjectId.isId(text.substring(0, 40))) {
                return text.substring(0, 40);
            }
        }
        Ref found = repository.exactRef(ref);
        ObjectId id = found == null ? null : found.getObjectId();
        return id == null ? null : id.name();
    }

    private Path file(String ref) {
        return repository.getDirectory().toPath().resolve(ref);
    }

    private static void requireName(String ref) {
        if (!Repository.isValidRefName(ref) || !ref.startsWith(Constants.R_REFS)) {
            throw new Refusal("malformed-ref", "Git cannot hold a ref of the name " + ref);
        }
    }

    private static void requireNoConflict(SortedMap<String, String> refs, RefMove move) {
        if (move.next() == null) {
            return;
        }
        String ref = move.ref();
        SortedMap<String, String> below = refs.subMap(ref + "/", ref + "0");
        boolean above = false;
        for (int slash = ref.indexOf('/'); slash > 0; slash = ref.indexOf('/', slash + 1)) {
            above = above || refs.containsKey(ref.substring(0, slash));
        }
        if (above || !below.isEmpty()) {
            throw new Refusal("ref-name-conflict", "Git cannot hold " + ref + " beside a ref above or below it");
        }
    }

    private static void set(SortedMap<String, String> refs, String ref, @Nullable String value) {
        if (value == null) {
            refs.remove(ref);
        } else {
            refs.put(ref, value);
        }
    }

    private static ObjectId id(@Nullable String hex) {
        return hex == null ? ObjectId.zeroId() : ObjectId.fromString(hex);
    }

    private SortedMap<String, String> load() throws IOException {
        SortedMap<String, String> refs = new TreeMap<>();
        for (Ref ref : repository.getRefDatabase().getRefsByPrefix(Constants.R_REFS)) {
            if (ref.getObjectId() != null) {
                refs.put(ref.getName(), ref.getObjectId().name());
            }
        }
        return refs;
    }
}
