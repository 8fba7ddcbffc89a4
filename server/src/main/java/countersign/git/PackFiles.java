package countersign.git;

import countersign.git.object.Disk;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.internal.storage.file.PackBitmapIndexWriterV1;
import org.eclipse.jgit.internal.storage.file.PackIndex;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.storage.pack.PackConfig;

/** Writes packs into a repository: whole, forced, and seen by Git only when complete. */
final class PackFiles {
    private static final ProgressMonitor SILENT = NullProgressMonitor.INSTANCE;

    /** Git too takes what starts like this for a leftover. */
    private static final String STAGED = "tmp_pack_";

    private final FileRepository repository;
    private final Path folder;
    private final AtomicLong staged = new AtomicLong();

    PackFiles(FileRepository repository) {
        this.repository = repository;
        this.folder = repository.getObjectDatabase().getPackDirectory().toPath();
    }

    /** Deletes what a process that was killed has left unfinished; nobody may be writing. */
    void deleteStaged() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, STAGED + "*")) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
    }

    /** Copies objects that these packs hold into one, as they are stored. */
    void merge(Iterable<Pack> packs, ProgressMonitor monitor) throws IOException {
        try (ObjectReader reader = repository.newObjectReader()) {
            Map<ObjectId, Integer> typed = new LinkedHashMap<>();
            for (Pack pack : packs) {
                for (PackIndex.MutableEntry entry : pack) {
                    ObjectId id = entry.toObjectId();
                    typed.put(id, reader.open(id).getType());
                    monitor.update(1);
                }
            }
            write(reader, typed, monitor);
        }
    }

    /**
     * Packs objects as they come, without a search for likeness.
     *
     * @param typed the type's code by id
     */
    void write(ObjectReader reader, Map<ObjectId, Integer> typed) throws IOException {
        write(reader, typed, SILENT);
    }

    /**
     * The same, telling a monitor of each object.
     *
     * @param typed the type's code by id
     */
    void write(ObjectReader reader, Map<ObjectId, Integer> typed, ProgressMonitor monitor) throws IOException {
        PackConfig config = config();
        config.setDeltaCompress(false);
        try (ObjectWalk walk = new ObjectWalk(reader);
                PackWriter writer = writer(reader, config)) {
            List<RevObject> objects = new ArrayList<>();
            typed.forEach((id, type) -> objects.add(walk.lookupAny(id, type)));
            writer.preparePack(objects.iterator());
            write(writer, monitor);
        }
    }

    /** Packs everything that the tips reach, with bitmaps; gives the ids that are in the pack. */
    PackedIds writeReachable(Set<ObjectId> tips, ProgressMonitor monitor) throws IOException {
        try (ObjectReader reader = repository.newObjectReader();
                PackWriter writer = writer(reader, config())) {
            writer.setCreateBitmaps(true);
            writer.preparePack(monitor, tips, PackWriter.NONE);
            write(writer, monitor);
            var packed = writer.getObjectSet();
            return packed::contains;
        }
    }

    private PackConfig config() {
        PackConfig config = new PackConfig(repository);
        config.setThreads(1);
        return config;
    }

    private static PackWriter writer(ObjectReader reader, PackConfig config) {
        PackWriter writer = new PackWriter(config, reader);
        writer.setDeltaBaseAsOffset(true);
        writer.setReuseDeltaCommits(false);
        writer.setThin(false);
        return writer;
    }

    private void write(PackWriter writer, ProgressMonitor monitor) throws IOException {
        if (writer.getObjectCount() == 0) {
            return;
        }
        Files.createDirectories(folder);
        String name = "pack-" + writer.computeName().name();
        Path pack = stage(out -> writer.writePack(monitor, monitor, out));
        Path index = stage(writer::writeIndex);
        if (writer.prepareBitmapIndex(monitor)) {
            move(stage(out -> writer.writeBitmapIndex(new PackBitmapIndexWriterV1(out))), name + ".bitmap");
        }
        move(pack, name + ".pack");
        move(index, name + ".idx");
        Disk.forceFolder(folder);
        repository.getObjectDatabase().openPack(folder.resolve(name + ".pack").toFile());
    }

    private Path stage(Content content) throws IOException {
        Path file = folder.resolve(STAGED + staged.incrementAndGet());
        OpenOption[] fresh = {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        boolean whole = false;
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, fresh), 1 << 16)) {
                content.writeTo(out);
            }
            Disk.forceFile(file);
            whole = true;
            return file;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void move(Path staged, String name) throws IOException {
        Files.move(staged, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Says whether an object is in a pack. */
    interface PackedIds {
        boolean contains(ObjectId id);
    }

    /** What is to stand in a file. */
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }
}
