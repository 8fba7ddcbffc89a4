package countersign.codec.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A real file system of a few mebibytes. Where this machine lets nobody mount one, the test that wants it is skipped. */
public final class SmallDisk implements AutoCloseable {
    private static final String FILLER = "filler";

    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    public static SmallDisk mount(Path folder, int mebibytes) {
        try {
            Files.createDirectories(folder);
            String said = run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "none", folder.toString());
            Assumptions.assumeTrue(said.isEmpty(), "no small disk can be mounted here: " + said);
        } catch (IOException failed) {
            Assumptions.abort("no small disk can be mounted here: " + failed);
        }
        return new SmallDisk(folder);
    }

    public Path path() {
        return path;
    }

    /** Takes all space but some. */
    public void fill(long spare) {
        Path filler = path.resolve(FILLER);
        byte[] chunk = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (path.toFile().getUsableSpace() - spare >= chunk.length) {
                out.write(chunk);
            }
            while (path.toFile().getUsableSpace() - spare > 0) {
                out.write(chunk, 0, 4096);
            }
        } catch (IOException full) {
            if (DiskFailure.find(full).isEmpty()) {
                throw new UncheckedIOException(full);
            }
        }
    }

    /** Gives the space back. */
    public void free() {
        try {
            Files.deleteIfExists(path.resolve(FILLER));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** From now on it takes no writes; nobody may have a file open for writing. */
    public void seal() {
        remount("ro");
    }

    /** It takes writes again. */
    public void unseal() {
        remount("rw");
    }

    @Override
    public void close() {
        try {
            run("umount", "-l", path.toString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void remount(String how) {
        try {
            String said = run("mount", "-o", "remount," + how, path.toString());
            Assumptions.assumeTrue(said.isEmpty(), "the disk can't be remounted: " + said);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What it said; nothing if it went well. */
    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return process.waitFor() == 0 ? "" : command[0] + ": " + said.strip();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
