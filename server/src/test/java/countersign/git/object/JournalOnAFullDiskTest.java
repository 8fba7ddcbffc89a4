package countersign.git.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import countersign.codec.disk.DiskFailure;
import countersign.codec.disk.SmallDisk;
import countersign.repository.Repository.RefMove;
import countersign.repository.object.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk under the repository's journal runs full, and there is space again while the process lives on. */
final class JournalOnAFullDiskTest {
    @TempDir
    private Path folder;

    @Test
    void what_is_written_after_a_write_that_failed_is_not_hidden_behind_its_torn_record() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 8)) {
            Path place = disk.path().resolve("journal");
            List<Integer> acknowledged = new ArrayList<>();
            Journal journal = Journal.open(place, "boot");
            Throwable failed = catchThrowable(() -> fillWith(journal, acknowledged));
            assertThat(DiskFailure.find(failed)).contains(DiskFailure.FULL);

            journal.append(ObjectStore.Type.BLOB, new byte[] {1, 2, 3});
            journal.force();

            assertThat(journal.findProblem()).isEmpty();
            acknowledged.add(3);
            assertThat(lengths(Journal.files(place))).isEqualTo(acknowledged);
        }
    }

    @Test
    void a_journal_that_could_not_begin_its_next_file_goes_on_with_the_one_it_has() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 8)) {
            Path place = disk.path().resolve("journal");
            Journal journal = Journal.open(place, "boot");
            journal.append(ObjectStore.Type.BLOB, new byte[100]);
            disk.fill(0);
            assertThat(DiskFailure.find(catchThrowable(journal::rotate))).contains(DiskFailure.FULL);

            disk.free();
            journal.append(ObjectStore.Type.BLOB, new byte[200]);
            journal.force();

            assertThat(lengths(Journal.files(place))).containsExactly(100, 200);
            assertThat(lengths(journal.rotate())).containsExactly(100, 200);
            journal.append(ObjectStore.Type.BLOB, new byte[300]);
            journal.close();
            assertThat(lengths(Journal.files(place))).containsExactly(100, 200, 300);
        }
    }

    /** Ever larger, so that the last one is torn somewhere inside; smaller ones would still find a place. */
    private static void fillWith(Journal journal, List<Integer> acknowledged) {
        for (int length = 100_000; ; length += 50_000) {
            journal.append(ObjectStore.Type.BLOB, new byte[length]);
            acknowledged.add(length);
        }
    }

    private static List<Integer> lengths(List<Path> files) throws IOException {
        List<Integer> lengths = new ArrayList<>();
        for (Path file : files) {
            Journal.replay(file, new Journal.Visitor() {
                @Override
                public void object(ObjectStore.Type type, byte[] bytes) {
                    lengths.add(bytes.length);
                }

                @Override
                public void moved(List<RefMove> moves) {
                    throw new AssertionError(moves);
                }

                @Override
                public void published(List<RefMove> moves) {
                    throw new AssertionError(moves);
                }
            });
        }
        return lengths;
    }
}
