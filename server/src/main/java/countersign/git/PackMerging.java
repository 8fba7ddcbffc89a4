package countersign.git;

import countersign.git.object.Disk;
import countersign.git.object.GitObjects;
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
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;

/**
 * Keeps packs few. Small ones are copied into one when together they weigh as much as the next larger one, so that an
 * object is copied a logarithmic number of times; where much has come since the last time, everything becomes one pack
 * with likenesses and bitmaps. A merge holds a few hundred bytes of each object that it copies, so only as many become one pack
 * as the memory has room for. No object is dropped. One merge at a time; others may read, write and add packs meanwhile.
 */
final class PackMerging {
    private static final int FEW = 12;

    /** From this many objects beside the great pack on, clones over them cost more than not waiting for a quiet time. */
    private static final long TOO_MANY = 200_000;

    /** What JGit holds of an object that it copies: its id, its place, what it is searched for by, its bit in bitmaps. */
    private static final long BYTES_OF_ONE = 300;

    /** Which part of the memory merging may take. */
    private static final int SHARE = 4;

    private final FileRepository repository;
    private final PackFiles packs;
    private final long most;
    private long whole;

    /** @param most objects that become one pack */
    PackMerging(FileRepository repository, PackFiles packs, long most) {
        this.repository = repository;
        this.packs = packs;
        this.most = most;
    }

    /** How many objects may become one pack in a heap that may grow to so many bytes. */
    static long mostObjects(long heap) {
        return heap / SHARE / BYTES_OF_ONE;
    }

    /**
     * Merges what has become many.
     *
     * @param quiet nobody writes, so that everything may be searched for likenesses when half as much has come again
     */
    synchronized void merge(boolean quiet, ProgressMonitor monitor) throws IOException {
        List<Sized> sized = sized();
        long all = sized.stream().mapToLong(Sized::count).sum();
        if (whole == 0) {
            whole = sized.stream()
                    .filter(Sized::bitmaps)
                    .mapToLong(Sized::count)
                    .sum();
        }
        boolean grown = 2 * all > 3 * whole;
        if (grown && all <= most && (quiet || all - whole > Math.max(TOO_MANY, 3 * whole))) {
            mergeAll(monitor);
            whole = sized().stream().mapToLong(Sized::count).sum();
        } else {
            mergeSmall(sized, monitor);
        }
    }

    /** Does something while no packs are merged. */
    synchronized <T> T whileStill(GitObjects.Step<T> step) throws IOException {
        return step.run();
    }

    private void mergeSmall(List<Sized> sized, ProgressMonitor monitor) throws IOException {
        List<Sized> beside = sized.stream().filter(pack -> !pack.bitmaps).toList();
        if (beside.size() > FEW) {
            List<Pack> small = small(beside);
            if (small.size() > 1) {
                packs.merge(small, monitor);
                delete(small);
            }
        }
    }

    /** From the smallest on, at least two, the packs that together weigh as much as the next one; fewer if all are great. */
    private List<Pack> small(List<Sized> bySize) {
        List<Pack> small = new ArrayList<>();
        long sum = 0;
        for (Sized next : bySize) {
            if ((small.size() > 1 && next.count > sum) || sum + next.count > most) {
                break;
            }
            small.add(next.pack);
            sum += next.count;
        }
        return small;
    }

    /** The packs that are there, smallest first. */
    private List<Sized> sized() throws IOException {
        Path folder = directory().getPackDirectory().toPath();
        List<Sized> sized = new ArrayList<>();
        for (Pack pack : present()) {
            boolean bitmaps = Files.exists(folder.resolve("pack-" + pack.getPackName() + ".bitmap"));
            sized.add(new Sized(pack, pack.getIndex().getObjectCount(), bitmaps));
        }
        sized.sort(Comparator.comparingLong(Sized::count));
        return sized;
    }

    /** One pack of everything the refs reach, with bitmaps for clones, and one of the rest. */
    private void mergeAll(ProgressMonitor monitor) throws IOException {
        List<Pack> old = List.copyOf(present());
        Set<ObjectId> tips = new HashSet<>();
        for (Ref ref : repository.getRefDatabase().getRefsByPrefix("refs/")) {
            if (ref.getObjectId() != null) {
                tips.add(ref.getObjectId());
            }
        }
        PackFiles.PackedIds reachable = packs.writeReachable(tips, monitor);
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
            packs.write(reader, rest, monitor);
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

    /** A pack, how many objects it has, and whether it has bitmaps. */
    private record Sized(Pack pack, long count, boolean bitmaps) {}
}
