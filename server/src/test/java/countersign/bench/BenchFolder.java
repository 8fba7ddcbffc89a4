package countersign.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where benchmarks keep their files: on the disk that the project is on, so that forcing them costs what it costs. */
final class BenchFolder {
    /** The system property that names the folder in which all others are made. */
    static final String PLACE = "countersign.bench.folder";

    private BenchFolder() {}

    static Path create(String name) throws IOException {
        Path target = Files.createDirectories(Path.of(System.getProperty(PLACE, "target")));
        return Files.createTempDirectory(target.toAbsolutePath(), "bench-" + name + "-");
    }

    static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> below = Files.walk(folder)) {
            all = below.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
