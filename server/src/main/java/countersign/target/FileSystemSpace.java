package countersign.target;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks a file system for its room. Files are counted by {@code stat} of the operating system, where there is one. */
final class FileSystemSpace {
    private static final int MAX_BYTES = 100;
    private static final int PATIENCE_SECONDS = 5;

    private FileSystemSpace() {}

    /** The room where a folder is, or is to be made. */
    static Space of(Path folder) throws IOException {
        Path there = folder;
        while (!Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS)) {
            there = ForcedFiles.parentOf(there);
        }
        return new Space(Files.getFileStore(there).getUsableSpace(), files(there));
    }

    private static @Nullable Long files(Path folder) throws IOException {
        Process stat;
        try {
            stat = new ProcessBuilder(List.of("stat", "-f", "-c", "%d %c", folder.toString()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException absent) {
            return null;
        }
        try {
            String said = new String(stat.getInputStream().readNBytes(MAX_BYTES), US_ASCII);
            boolean ended = stat.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return ended && stat.exitValue() == 0 ? free(said.strip()) : null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            stat.destroyForcibly();
        }
    }

    /** Some file systems have no table of files: of none in all none are free, and that means nothing. */
    private static @Nullable Long free(String said) {
        return said.matches("[0-9]{1,18} [1-9][0-9]{0,17}") ? Long.valueOf(said.split(" ", -1)[0]) : null;
    }
}
