package countersign.log;

import static countersign.log.LogFixture.entries;
import static countersign.log.LogFixture.entry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.log.copy.LogReader;
import countersign.log.journal.ResumePoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long log is opened from where it was found whole; what was altered before that is found by the check. */
final class RecordLogResumeTest {
    private static final int MANY = 3_000;

    @TempDir
    private Path folder;

    @Test
    void every_entry_root_and_proof_is_the_same_however_often_the_log_was_opened() throws IOException {
        Random random = new Random(7);
        try (RecordLog once = LogFixture.open(folder.resolve("once"))) {
            for (int size = 0; size < 6_000; ) {
                try (RecordLog often = open()) {
                    for (int appends = random.nextInt(40); appends >= 0; appends--) {
                        int next = size + 1 + random.nextInt(300);
                        once.appendBytes(entries(size, next));
                        assertThat(often.appendBytes(entries(size, next))).isEqualTo(size);
                        size = next;
                    }
                    assertThat(often.root(size)).isEqualTo(once.root(size));
                    int some = random.nextInt(size);
                    assertThat(often.entry(some)).isEqualTo(entry(some));
                    assertThat(often.inclusionProof(some, size)).isEqualTo(once.inclusionProof(some, size));
                    assertThat(often.root(some)).isEqualTo(once.root(some));
                    often.signedCheckpoint();
                }
            }
        }
        assertThat(resumeFile()).exists();
        try (RecordLog log = open()) {
            log.check();
            assertThat(log.findProblem()).isEmpty();
            assertThat(log.entries(0, MANY)).containsExactlyElementsOf(entries(0, MANY));
            assertThat(new LogReader(log, LogFixture.TRUST).verify().entries()).hasSize((int) log.size());
        }
    }

    @Test
    void a_middle_that_was_altered_is_found_by_the_check_which_ends_all_appends() throws IOException {
        long longLog = make();
        flip(folder.resolve("journal"), longLog / 3);

        try (RecordLog log = open()) {
            assertThat(log.entry(1_000)).as("full bundles have it").isEqualTo(entry(1_000));
            log.check();

            assertThat(log.findProblem())
                    .hasValueSatisfying(why -> assertThat(why).contains("log-corrupt"));
            Refusal refusal = catchThrowableOfType(Refusal.class, () -> log.appendBytes(entries(MANY, MANY + 1)));
            assertThat(refusal.rule()).isEqualTo("log-broken");
        }
        assertThat(ruleOfOpening()).isEqualTo("log-corrupt");
    }

    @Test
    void a_tail_that_was_altered_is_refused_at_the_opening() throws IOException {
        long length = make();
        flip(folder.resolve("journal"), length - 9);

        assertThat(ruleOfOpening()).isEqualTo("log-corrupt");
    }

    @Test
    void an_old_tile_that_was_altered_is_made_good_by_the_check() throws IOException {
        make();
        Path bundle = folder.resolve("tiles/tile/entries/002");
        byte[] good = Files.readAllBytes(bundle);
        flip(bundle, 100);

        try (RecordLog log = open()) {
            Refusal refusal = catchThrowableOfType(
                    Refusal.class, () -> log.entries(512, 768).forEach(bytes -> {}));
            assertThat(refusal.rule()).isEqualTo("log-corrupt");

            log.check();

            assertThat(log.findProblem()).isEmpty();
            assertThat(log.entries(512, 768)).containsExactlyElementsOf(entries(512, 768));
        }
        assertThat(Files.readAllBytes(bundle)).isEqualTo(good);
    }

    @Test
    void a_tile_that_is_gone_or_altered_makes_the_opening_read_everything() throws IOException {
        make();
        Path tile = folder.resolve("tiles/tile/0/003");
        byte[] good = Files.readAllBytes(tile);

        flip(tile, 40);
        open().close();
        assertThat(Files.readAllBytes(tile)).isEqualTo(good);

        make();
        Files.delete(tile);
        open().close();
        assertThat(Files.readAllBytes(tile)).isEqualTo(good);
    }

    @Test
    void a_place_to_resume_from_that_is_torn_or_altered_is_not_used() throws IOException {
        make();
        byte[] whole = Files.readAllBytes(resumeFile());
        for (int place = 0; place < whole.length; place++) {
            byte[] flipped = whole.clone();
            flipped[place] ^= 4;
            Files.write(resumeFile(), flipped);
            assertThat(ResumePoint.read(resumeFile())).as("flip at %d", place).isEmpty();
            Files.write(resumeFile(), Arrays.copyOf(whole, place));
            assertThat(ResumePoint.read(resumeFile())).as("cut at %d", place).isEmpty();
        }

        try (RecordLog log = open()) {
            assertThat(log.entries(0, MANY)).containsExactlyElementsOf(entries(0, MANY));
        }
    }

    @Test
    void a_journal_from_before_the_place_to_resume_from_is_refused() throws IOException {
        try (RecordLog log = open()) {
            log.appendBytes(entries(0, 500));
        }
        byte[] older = Files.readAllBytes(folder.resolve("journal"));
        make();

        Files.write(folder.resolve("journal"), older);

        assertThat(ruleOfOpening()).isEqualTo("log-truncated");
    }

    @Test
    void another_journal_of_the_same_length_is_refused() throws IOException {
        make();
        try (RecordLog other = LogFixture.open(folder.resolve("other"))) {
            for (int from = 0; from < MANY; from += 250) {
                other.appendBytes(entries(from, from + 250).stream()
                        .map(bytes -> new String(bytes, UTF_8).replace("entry", "other"))
                        .map(text -> text.getBytes(UTF_8))
                        .toList());
            }
        }

        Files.copy(folder.resolve("other/journal"), folder.resolve("journal"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(ruleOfOpening()).isEqualTo("log-forked");
    }

    @Test
    void a_check_ends_when_the_thread_is_wanted_elsewhere() throws IOException {
        long length = make();
        flip(folder.resolve("journal"), length / 3);
        try (RecordLog log = open()) {
            Thread.currentThread().interrupt();
            log.check();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(log.findProblem()).isEmpty();
        }
    }

    /** A log of many entries that was closed; gives the length of its journal. */
    private long make() throws IOException {
        try (RecordLog log = open()) {
            for (int from = (int) log.size(); from < MANY; from += 250) {
                log.appendBytes(entries(from, from + 250));
            }
            log.signedCheckpoint();
        }
        assertThat(resumeFile()).exists();
        return Files.size(folder.resolve("journal"));
    }

    private RecordLog open() {
        return LogFixture.open(folder);
    }

    private Path resumeFile() {
        return folder.resolve("journal.resume");
    }

    private String ruleOfOpening() {
        return catchThrowableOfType(Refusal.class, () -> open().close()).rule();
    }

    private static void flip(Path file, long place) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) place] ^= 0x10;
        Files.write(file, bytes);
    }
}
