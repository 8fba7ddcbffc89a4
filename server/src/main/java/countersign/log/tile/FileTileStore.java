package countersign.log.tile;

import countersign.codec.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/** A tile store in a folder: each file is written beside its place and renamed into it, without forcing the disk. */
public final class FileTileStore implements TileStore {
    private final Path folder;

    public FileTileStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public Optional<byte[]> read(String path) {
        if (!TilePath.isFile(path)) {
            return Optional.empty();
        }
        Path file = folder.resolve(path);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new Refusal("log-tile-altered", path + " is larger than any file of a log");
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + path, failure);
        }
    }

    @Override
    public void write(String path, byte[] bytes) {
        TilePath.requireFile(path);
        if (read(path).filter(present -> Arrays.equals(present, bytes)).isPresent()) {
            return;
        }
        Path file = folder.resolve(path);
        try {
            Files.createDirectories(file.getParent());
            Path draft = Files.createTempFile(file.getParent(), ".draft", "");
            Files.write(draft, bytes);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + path, failure);
        }
    }
}
