package countersign.codec.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WritableFolderTest {
    @TempDir
    private Path folder;

    @Test
    void a_disk_with_less_than_the_reserve_is_full_until_there_is_space() {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 40)) {
            WritableFolder tested = new WritableFolder(disk.path());
            assertThat(tested.findProblem()).isEmpty();

            disk.fill(WritableFolder.RESERVE - 4096);

            assertThat(tested.findProblem().orElseThrow())
                    .startsWith("the disk of " + disk.path() + " is full: 31 MiB are left");
            disk.free();
            assertThat(tested.findProblem()).isEmpty();
        }
    }

    @Test
    void a_disk_that_is_mounted_read_only_is_named() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 40)) {
            disk.seal();

            assertThat(new WritableFolder(disk.path()).findProblem().orElseThrow())
                    .contains(disk.path().toString(), "read-only");
            Throwable refused =
                    catchThrowable(() -> Files.createFile(disk.path().resolve("file")));
            assertThat(DiskFailure.find(new IllegalStateException("the database failed", refused)))
                    .contains(DiskFailure.READ_ONLY);
            disk.unseal();
            assertThat(new WritableFolder(disk.path()).findProblem()).isEmpty();
        }
    }

    @Test
    void a_full_disk_is_found_among_the_causes_of_a_failure() {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 1)) {
            Throwable full = catchThrowable(() -> Files.write(disk.path().resolve("large"), new byte[2 << 20]));

            assertThat(DiskFailure.find(new IllegalStateException("outer", full)))
                    .contains(DiskFailure.FULL);
            assertThat(DiskFailure.find(new IOException("connection reset"))).isEmpty();
        }
    }
}
