package countersign.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.codec.disk.DiskFailure;
import countersign.codec.disk.SmallDisk;
import countersign.log.copy.LogReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk under the journal runs full in the middle of an append. */
final class RecordLogOnAFullDiskTest {
    private static final int ENTRY = 20_000;

    @TempDir
    private Path folder;

    @Test
    void every_acknowledged_entry_is_there_when_there_is_space_again_and_nothing_half_written_is() {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 2)) {
            List<byte[]> acknowledged = new ArrayList<>();
            Throwable failed;
            try (RecordLog log = LogFixture.open(disk.path())) {
                failed = catchThrowable(() -> appendFor(log, acknowledged));
                assertThat(log.size()).isEqualTo(acknowledged.size());
                assertThat(log.entries(0, log.size())).containsExactlyElementsOf(acknowledged);
                assertThat(log.findProblem().orElseThrow()).contains("journal", "No space left on device");
            }
            assertThat(DiskFailure.find(failed)).contains(DiskFailure.FULL);
            assertThat(acknowledged).hasSizeGreaterThan(10);

            try (RecordLog log = LogFixture.open(disk.path())) {
                assertThat(log.entries(0, log.size())).containsExactlyElementsOf(acknowledged);
                byte[] small = {1, 2, 3};
                assertThat(log.appendBytes(List.of(small))).isEqualTo(acknowledged.size());
                log.check();
                assertThat(new LogReader(log, LogFixture.TRUST).verify().entries())
                        .hasSize(acknowledged.size() + 1);
            }
        }
    }

    @Test
    void a_log_that_a_write_failed_for_takes_nothing_more_even_when_there_is_space() {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 2);
                RecordLog log = LogFixture.open(disk.path().resolve("log"))) {
            disk.fill(8192);
            List<byte[]> acknowledged = new ArrayList<>();
            assertThat(catchThrowable(() -> appendFor(log, acknowledged))).isNotNull();

            disk.free();

            Refusal refused = catchThrowableOfType(Refusal.class, () -> log.appendBytes(List.of(new byte[] {1})));
            assertThat(refused.rule()).isEqualTo("log-broken");
            assertThat(log.findProblem()).isPresent();
        }
    }

    @Test
    void a_full_disk_is_no_reason_not_to_read_and_prove() {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 40);
                RecordLog log = LogFixture.open(disk.path().resolve("log"))) {
            log.appendBytes(LogFixture.entries(0, 300));
            disk.fill(0);

            assertThat(log.findProblem().orElseThrow()).contains("is full");
            assertThat(new LogReader(log, LogFixture.TRUST).verify().entries()).hasSize(300);
            disk.free();
            assertThat(log.findProblem()).isEmpty();
        }
    }

    private static void appendFor(RecordLog log, List<byte[]> acknowledged) {
        for (int i = 0; i < 1_000; i++) {
            byte[] entry = new byte[ENTRY];
            Arrays.fill(entry, (byte) i);
            log.appendBytes(List.of(entry));
            acknowledged.add(entry);
        }
    }
}
