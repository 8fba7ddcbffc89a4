package countersign;

import countersign.git.object.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that goes when it is closed, for a scene that a test has as a field. */
public record TemporaryFolder(Path path) implements AutoCloseable {
    public static TemporaryFolder open() {
        try {
            return new TemporaryFolder(Files.createTempDirectory("countersign").toRealPath());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try {
            Disk.deleteFolder(path);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
