package countersign.git;

import countersign.git.object.Disk;
import countersign.git.object.GitObjects;
import countersign.git.object.Journal;
import countersign.repository.Repository.RefMove;
import countersign.repository.object.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Gives files to what is pending and turns loose objects into packs; each costs what is new, not what is there. No object
 * is ever dropped, whether a ref reaches it or not. One round at a time; others may read and write meanwhile.
 */
final class Packing {
    private static final int MAX_LOOSE = 64;

    private final FileRepository repository;
    private final GitObjects objects;
    private final GitRefs refs;
    private final Journal journal;
    private final PackFiles packs;

    /** What has loose files since the journal's present file began. */
    private final Map<ObjectId, Integer> loose = new LinkedHashMap<>();

    /** The refs whose files were written since then. */
    private final Set<String> written = new HashSet<>();

    Packing(FileRepository repository, GitObjects objects, GitRefs refs, Journal journal, PackFiles packs) {
        this.repository = repository;
        this.objects = objects;
        this.refs = refs;
        this.journal = journal;
        this.packs = packs;
    }

    /** Gives files to objects and refs that memory and the journal alone have: few become loose, many a pack. */
    void flush() throws IOException {
        if (objects.pendingCount() > 0 || refs.isAhead()) {
            flushPending();
        }
    }

    /** Does something while everything written so far has files and none of them changes. */
    synchronized <T> T whileStill(GitObjects.Step<T> step) throws IOException {
        flush();
        return step.run();
    }

    private synchronized void flushPending() throws IOException {
        Round round = objects.whileNobodyWrites(() -> new Round(objects.pending(), refs.unpublished(), List.of()));
        if (round.pending.size() > MAX_LOOSE) {
            write(round.typed());
        } else {
            objects.writeLoose(round.pending);
            loose.putAll(round.typed());
        }
        publish(round);
    }

    /** Packs what the journal tells of, which then is safe without it. */
    synchronized void pack() throws IOException {
        Round round =
                objects.whileNobodyWrites(() -> new Round(objects.pending(), refs.unpublished(), journal.rotate()));
        Inherited inherited = new Inherited();
        for (Path file : round.files) {
            if (journal.isInherited(file)) {
                Journal.replay(file, inherited);
            }
        }
        loose.putAll(inherited.typed);
        written.addAll(inherited.refs);
        Map<ObjectId, Integer> typed = new LinkedHashMap<>(loose);
        typed.putAll(round.typed());
        write(typed);
        publish(round);
        forceRefs(written);
        for (Path file : round.files) {
            Files.delete(file);
        }
        for (ObjectId id : loose.keySet()) {
            Files.deleteIfExists(repository.getObjectDatabase().fileFor(id).toPath());
        }
        loose.clear();
        written.clear();
    }

    private void write(Map<ObjectId, Integer> typed) throws IOException {
        try (ObjectReader reader = objects.newReader()) {
            packs.write(reader, typed);
        }
    }

    private void publish(Round round) throws IOException {
        round.moves.forEach(move -> written.add(move.ref()));
        refs.publish(round.moves);
        objects.settle(round.pending.keySet());
        if (!round.moves.isEmpty()) {
            journal.appendPublished(round.moves);
        }
    }

    private void forceRefs(Set<String> refs) throws IOException {
        Path root = repository.getDirectory().toPath();
        Set<Path> folders = new LinkedHashSet<>();
        for (String ref : refs) {
            Path file = root.resolve(ref);
            if (Files.isRegularFile(file)) {
                Disk.forceFile(file);
            }
            folders.add(file.getParent());
        }
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                Disk.forceFolder(folder);
            }
        }
        if (!refs.isEmpty()) {
            Disk.forceFolder(root);
        }
    }

    /** What had no files when a round began, and the journal files that the round will make needless. */
    private record Round(Map<String, GitObjects.Pending> pending, List<RefMove> moves, List<Path> files) {
        Map<ObjectId, Integer> typed() {
            Map<ObjectId, Integer> typed = new LinkedHashMap<>();
            pending.forEach((id, object) -> typed.put(ObjectId.fromString(id), GitObjects.code(object.type())));
            return typed;
        }
    }

    /** What journal files tell of that another process has written. */
    private static final class Inherited implements Journal.Visitor {
        private final Map<ObjectId, Integer> typed = new LinkedHashMap<>();
        private final Set<String> refs = new HashSet<>();

        @Override
        public void object(ObjectStore.Type type, byte[] bytes) {
            typed.put(ObjectId.fromString(GitObjects.idOf(type, bytes)), GitObjects.code(type));
        }

        @Override
        public void moved(List<RefMove> moves) {
            moves.forEach(move -> refs.add(move.ref()));
        }

        @Override
        public void published(List<RefMove> moves) {
            moved(moves);
        }
    }
}
