package countersign.policy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The policies that are shipped, as they lie in the project. */
public final class Shipped {
    private static final Path FOLDER = Path.of("policies");

    private Shipped() {}

    public static PolicyFiles read() {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(FOLDER)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(file.toString(), Files.readAllBytes(file));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return PolicyFiles.read(files);
    }
}
