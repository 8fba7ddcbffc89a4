package countersign.git;

import countersign.repository.ObjectStore;
import countersign.repository.Repository.RefMove;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.lib.MutableObjectId;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;

/**
 * Turns loose objects into packs and small packs into larger ones. No object is ever dropped, whether a ref reaches it
 * or not. One round at a time; others may read and write meanwhile.
 */
final class Packing {
    /** Packs are left alone up to this many. */
    private static final int PACKS = 6;

    private final FileRepository repository;
    private final GitObjects objects;
    private final Journal journal;
    private final PackFiles packs;

    Packing(FileRepository repository, GitObjects objects, Journal journal, PackFiles packs) {
        this.repository = repository;
        this.objects = objects;
        this.journal = journal;
        this.packs = packs;
    }

    /** Packs what the journal tells of, which then is safe without it, and merges packs that have become many. */
    synchronized void run() throws IOException {
        emptyJournal();
        List<Pack> small = small();
        if (small.size() == present().size() && small.size() > 1) {
            packAll();
        } else if (small.size() > 1) {
            merge(small);
        }
    }

    private void emptyJournal() throws IOException {
        List<Path> files = objects.whileNobodyWrites(journal::rotate);
        Written written = new Written();
        for (Path file : files) {
            Journal.replay(file, written);
        }
        if (!written.ids.isEmpty()) {
            packs.writeObjects(written.ids);
        }
        forceRefs(written.refs);
        for (Path file : files) {
            Files.delete(file);
        }
        for (ObjectId id : written.ids) {
            Files.deleteIfExists(directory().fileFor(id).toPath());
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
    private List<Pack> small() throws IOException {
        List<Sized> sized = new ArrayList<>();
        for (Pack pack : present()) {
            sized.add(new Sized(pack, pack.getIndex().getObjectCount()));
        }
        sized.sort(Comparator.comparingLong(Sized::count));
        List<Pack> small = new ArrayList<>();
        long sum = 0;
        for (Sized next : sized) {
            if (sized.size() <= PACKS || (small.size() > 1 && next.count > 2 * sum)) {
                break;
            }
            small.add(next.pack);
            sum += next.count;
        }
        return small;
    }

    private void merge(List<Pack> small) throws IOException {
        Set<ObjectId> ids = new LinkedHashSet<>();
        for (Pack pack : small) {
            pack.forEach(entry -> ids.add(entry.toObjectId()));
        }
        packs.writeObjects(ids);
        delete(small);
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
        Set<ObjectId> rest = new LinkedHashSet<>();
        for (Pack pack : old) {
            pack.forEach(entry -> addUnless(reachable, entry.toObjectId(), rest));
        }
        if (!rest.isEmpty()) {
            packs.writeObjects(rest);
        }
        delete(old);
        deleteLoosePacked();
    }

    private static void addUnless(PackFiles.PackedIds packed, ObjectId id, Set<ObjectId> rest) {
        if (!packed.contains(id)) {
            rest.add(id);
        }
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

    /** What journal files tell of. */
    private static final class Written implements Journal.Visitor {
        private final Set<ObjectId> ids = new LinkedHashSet<>();
        private final Set<String> refs = new HashSet<>();

        @Override
        public void object(ObjectStore.Type type, byte[] bytes) {
            ids.add(GitObjects.idOf(type, bytes));
        }

        @Override
        public void refs(List<RefMove> moves) {
            moves.forEach(move -> refs.add(move.ref()));
        }
    }
}
