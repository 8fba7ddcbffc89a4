package countersign.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where benchmarks keep their files: on the disk that the project is on, so that forcing them costs what it costs. */
final class BenchFolder {
    private BenchFolder() {}

    static Path create(String name) throws IOException {
        Path target = Files.createDirectories(Path.of("target"));
        return Files.createTempDirectory(target.toAbsolutePath(), "bench-" + name + "-");
    }

    static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> below = Files.walk(folder)) {
            all = below.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
