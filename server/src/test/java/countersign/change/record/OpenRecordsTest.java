package countersign.change.record;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.store.Change;
import countersign.manifest.ChangeId;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Repository;
import countersign.repository.object.InMemoryRepository;
import countersign.repository.object.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OpenRecordsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Commit.Identity ANN = new Commit.Identity("Ann", "ann@example.org", NOON);

    /** Among how many refs closed changes are divided. */
    private static final int ARCHIVES = 256;

    private final Repository repository = new InMemoryRepository();
    private final OpenRecords records = new OpenRecords(repository);
    private final String commit = repository.commit(new CommitDraft(Trees.EMPTY, List.of(), ANN, ANN, "Change\n"));

    @Test
    void a_record_is_among_the_open_ones_until_it_is_closed() {
        open(1);
        assertThat(records.open()).extracting(OpenRecords.Entry::number).containsExactly(1L);

        close(1);
        assertThat(records.open()).isEmpty();
        assertThat(records.archivedUntil(entry -> false))
                .extracting(OpenRecords.Entry::number)
                .containsExactly(1L);
    }

    @Test
    void of_many_closed_changes_those_that_are_not_known_are_found_without_a_look_at_all() {
        for (int number = 1; number <= 1_500; number++) {
            open(number);
            close(number);
        }
        List<Long> looked = new ArrayList<>();

        List<OpenRecords.Entry> found = records.archivedUntil(entry -> {
            looked.add(entry.number());
            return entry.number() <= 1_495;
        });

        assertThat(found)
                .extracting(OpenRecords.Entry::number)
                .containsExactlyInAnyOrder(1_496L, 1_497L, 1_498L, 1_499L, 1_500L);
        assertThat(looked).hasSizeLessThanOrEqualTo(2 * ARCHIVES + 5);
    }

    @Test
    void one_that_is_not_known_is_found_behind_one_that_is() {
        List<Integer> ofOneArchive = ofOneArchive(4);
        ofOneArchive.forEach(number -> {
            open(number);
            close(number);
        });
        Set<Long> known = Set.of((long) ofOneArchive.get(3), (long) ofOneArchive.get(1), (long) ofOneArchive.get(0));

        assertThat(records.archivedUntil(entry -> known.contains(entry.number())))
                .extracting(OpenRecords.Entry::number)
                .containsExactly((long) ofOneArchive.get(2));
    }

    /** Numbers of changes whose records go to the same ref. */
    private static List<Integer> ofOneArchive(int many) {
        List<Integer> same = new ArrayList<>();
        OpenRecordsTest scene = new OpenRecordsTest();
        String first = "";
        for (int number = 1; same.size() < many; number++) {
            scene.open(number);
            String archive = scene.records.close(id(number)).get(1).ref();
            first = first.isEmpty() ? archive : first;
            if (archive.equals(first)) {
                same.add(number);
            }
        }
        return same;
    }

    private void open(int number) {
        OpenRecords.Entry entry =
                new OpenRecords.Entry(number, id(number), List.of(new Change.Revision(commit, "ann", NOON)), false);
        assertThat(repository.moveRefs(List.of(records.write(repository, entry))))
                .isTrue();
    }

    private void close(int number) {
        assertThat(repository.moveRefs(records.close(id(number)))).isTrue();
    }

    private static ChangeId id(int number) {
        return ChangeId.parse("2026-11-21/change-" + number);
    }
}
