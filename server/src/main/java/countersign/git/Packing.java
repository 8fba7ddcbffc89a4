package countersign.git;

import countersign.repository.ObjectStore;
import countersign.repository.Repository.RefMove;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.internal.storage.file.PackIndex;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.lib.MutableObjectId;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;

/**
 * Gives files to what is pending, turns loose objects into packs and small packs into larger ones. No object is ever
 * dropped, whether a ref reaches it or not. One round at a time; others may read and write meanwhile.
 */
final class Packing {
    private static final int MAX_LOOSE = 64;

    private final FileRepository repository;
    private final GitObjects objects;
    private final GitRefs refs;
    private final Journal journal;
    private final PackFiles packs;

    Packing(FileRepository repository, GitObjects objects, GitRefs refs, Journal journal, PackFiles packs) {
        this.repository = repository;
        this.objects = objects;
        this.refs = refs;
        this.journal = journal;
        this.packs = packs;
    }

    /** Gives files to objects and refs that memory and the journal alone have: few become loose, many a pack. */
    synchronized void flush() throws IOException {
        if (objects.pendingCount() > MAX_LOOSE) {
            pack();
            return;
        }
        Round round = objects.whileNobodyWrites(() -> new Round(objects.pending(), refs.unpublished(), List.of()));
        objects.writeLoose(round.pending);
        publish(round);
    }

    /** Packs what the journal tells of, which then is safe without it. */
    synchronized void pack() throws IOException {
        Round round =
                objects.whileNobodyWrites(() -> new Round(objects.pending(), refs.unpublished(), journal.rotate()));
        Written written = new Written();
        for (Path file : round.files) {
            Journal.replay(file, written);
        }
        try (ObjectReader reader = objects.newReader()) {
            packs.write(reader, written.typed);
        }
        publish(round);
        round.moves.forEach(move -> written.refs.add(move.ref()));
        forceRefs(written.refs);
        for (Path file : round.files) {
            Files.delete(file);
        }
        for (ObjectId id : written.typed.keySet()) {
            Files.deleteIfExists(directory().fileFor(id).toPath());
        }
    }

    /**
     * Merges packs that have become many.
     *
     * @param few this many are left alone
     */
    synchronized void merge(int few) throws IOException {
        List<Pack> small = small(few);
        if (small.size() == present().size() && small.size() > 1) {
            packAll();
        } else if (small.size() > 1) {
            packs.merge(small);
            delete(small);
        }
    }

    private void publish(Round round) throws IOException {
        refs.publish(round.moves);
        objects.settle(round.pending.keySet());
        if (!round.moves.isEmpty()) {
            journal.appendPublished(round.moves);
        }
    }

    private void forceRefs(Set<String> refs) throws IOException {
        Path root = repository.getDirectory().toPath();
        for (String ref : refs) {
            Path file = root.resolve(ref);
            if (Files.isRegularFile(file)) {
                Disk.forceFile(file);
            }
            Path folder = root.resolve(ref.substring(0, ref.lastIndexOf('/')));
            if (Files.isDirectory(folder)) {
                Disk.forceFolder(folder);
            }
        }
        if (!refs.isEmpty()) {
            Disk.forceFolder(root);
        }
    }

    /** From the smallest on, the packs that together outweigh the next one; none while there are few. */
    private List<Pack> small(int few) throws IOException {
        List<Sized> sized = new ArrayList<>();
        for (Pack pack : present()) {
            sized.add(new Sized(pack, pack.getIndex().getObjectCount()));
        }
        sized.sort(Comparator.comparingLong(Sized::count));
        List<Pack> small = new ArrayList<>();
        long sum = 0;
        for (Sized next : sized) {
            if (sized.size() <= few || (small.size() > 1 && next.count > 2 * sum)) {
                break;
            }
            small.add(next.pack);
            sum += next.count;
        }
        return small;
    }

    /** One pack of everything the refs reach, with bitmaps for clones, and one of the rest. */
    private void packAll() throws IOException {
        List<Pack> old = List.copyOf(present());
        Set<ObjectId> tips = new HashSet<>();
        for (Ref ref : repository.getRefDatabase().getRefsByPrefix("refs/")) {
            if (ref.getObjectId() != null) {
                tips.add(ref.getObjectId());
            }
        }
        PackFiles.PackedIds reachable = packs.writeReachable(tips);
        Map<ObjectId, Integer> rest = new LinkedHashMap<>();
        try (ObjectReader reader = repository.newObjectReader()) {
            for (Pack pack : old) {
                for (PackIndex.MutableEntry entry : pack) {
                    ObjectId id = entry.toObjectId();
                    if (!reachable.contains(id)) {
                        rest.put(id, reader.open(id).getType());
                    }
                }
            }
            packs.write(reader, rest);
        }
        delete(old);
        deleteLoosePacked();
    }

    /** Deletes packs whose objects other packs hold; a pack written under the same name is the same set and stays. */
    private void delete(List<Pack> old) throws IOException {
        Path folder = directory().getPackDirectory().toPath();
        Set<String> fresh = new HashSet<>();
        for (Pack pack : present()) {
            if (!old.contains(pack)) {
                fresh.add(pack.getPackName());
            }
        }
        for (Pack pack : old) {
            if (!fresh.contains(pack.getPackName()) && isElsewhere(pack, old)) {
                for (PackExt extension : PackExt.values()) {
                    Files.deleteIfExists(folder.resolve("pack-" + pack.getPackName() + "." + extension.getExtension()));
                }
            }
        }
        Disk.forceFolder(folder);
    }

    private boolean isElsewhere(Pack pack, List<Pack> old) throws IOException {
        List<Pack> others = new ArrayList<>(present());
        others.removeAll(old);
        MutableObjectId id = new MutableObjectId();
        for (var entry : pack) {
            entry.copyOidTo(id);
            boolean found = false;
            for (Pack other : others) {
                found = found || other.hasObject(id);
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    /** Deletes loose objects that a pack holds as well, whoever wrote them. */
    private void deleteLoosePacked() throws IOException {
        List<Pack> present = List.copyOf(present());
        for (int i = 0; i < 256; i++) {
            String two = "%02x".formatted(i);
            Path folder = directory().getDirectory().toPath().resolve(two);
            if (Files.isDirectory(folder)) {
                deleteLoosePacked(folder, two, present);
            }
        }
    }

    private static void deleteLoosePacked(Path folder, String two, List<Pack> present) throws IOException {
        List<Path> files;
        try (var entries = Files.list(folder)) {
            files = entries.toList();
        }
        for (Path file : files) {
            String id = two + file.getFileName();
            if (ObjectId.isId(id)) {
                ObjectId objectId = ObjectId.fromString(id);
                for (Pack pack : present) {
                    if (pack.hasObject(objectId)) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }

    private List<Pack> present() {
        return List.copyOf(directory().getPacks());
    }

    private ObjectDirectory directory() {
        return repository.getObjectDatabase();
    }

    /** A pack and how many objects it has. */
    private record Sized(Pack pack, long count) {}

    /** What had no files when a round began, and the journal files that the round will make needless. */
    private record Round(Map<String, GitObjects.Pending> pending, List<RefMove> moves, List<Path> files) {}

    /** What journal files tell of. */
    private static final class Written implements Journal.Visitor {
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
