package countersign.log;

import static countersign.log.LogFixture.CLOCK;
import static countersign.log.LogFixture.COSIGNER;
import static countersign.log.LogFixture.LOG_KEY;
import static countersign.log.LogFixture.SIGNERS;
import static countersign.log.LogFixture.entries;
import static countersign.log.LogFixture.entry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.tile.EntryBundle;
import countersign.log.tile.InMemoryTileStore;
import countersign.log.tile.Merkle;
import countersign.signing.SignedNote;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordLogTest {
    @TempDir
    private Path folder;

    @Test
    void entries_of_one_append_get_consecutive_indexes() {
        try (RecordLog log = LogFixture.open(folder)) {
            assertThat(log.appendBytes(entries(0, 3))).isZero();
            assertThat(log.appendBytes(entries(3, 4))).isEqualTo(3);

            assertThat(log.size()).isEqualTo(4);
            assertThat(log.entries(0, 4)).containsExactlyElementsOf(entries(0, 4));
        }
    }

    @Test
    void entries_of_the_record_are_read_as_they_were_written() {
        LogEntry genesis =
                new LogEntry.Genesis("shop", 1, "c0ffee", Sha256.of(entry(1)), Instant.parse("2026-11-21T10:00:00Z"));
        try (RecordLog log = LogFixture.open(folder)) {
            long index = log.append(genesis);

            assertThat(LogEntry.parse(log.entry(index))).isEqualTo(genesis);
        }
    }

    @Test
    void a_reopened_log_goes_on_where_it_ended() {
        try (RecordLog log = LogFixture.open(folder)) {
            log.appendBytes(entries(0, 300));
        }

        try (RecordLog log = LogFixture.open(folder)) {
            assertThat(log.appendBytes(entries(300, 301))).isEqualTo(300);
            assertThat(log.checkpoint().root()).isEqualTo(rootOf(301));
        }
    }

    @Test
    void the_checkpoint_is_signed_and_cosigned_with_its_time() {
        try (RecordLog log = LogFixture.open(folder)) {
            log.appendBytes(entries(0, 5));

            SignedNote note = log.signedCheckpoint();

            assertThat(note.verify(List.of(LOG_KEY.key(), COSIGNER.key())))
                    .containsExactly(
                            new SignedNote.Verified(LOG_KEY.key(), null),
                            new SignedNote.Verified(COSIGNER.key(), CLOCK.instant()));
            assertThat(Checkpoint.parse(note.text())).isEqualTo(log.checkpoint());
            assertThat(log.read("checkpoint").map(SignedNote::parse).map(SignedNote::write))
                    .contains(note.write());
        }
    }

    @Test
    void a_checkpoint_of_an_idle_log_is_cosigned_again_after_a_minute() {
        List<Instant> now = new ArrayList<>(List.of(CLOCK.instant()));
        InstantSource clock = () -> now.get(0);
        try (RecordLog log = RecordLog.open(folder, SIGNERS, clock)) {
            String first = log.signedCheckpoint().write();
            now.set(0, CLOCK.instant().plusSeconds(60));
            String second = log.signedCheckpoint().write();
            now.set(0, CLOCK.instant().plusSeconds(61));
            String third = log.signedCheckpoint().write();

            assertThat(second).isEqualTo(first);
            assertThat(third).isNotEqualTo(first);
        }
    }

    @Test
    void proofs_of_any_size_of_the_past_verify() {
        Random random = new Random(7);
        int size = 66_000;
        List<Sha256> leaves = entries(0, size).stream().map(Merkle::leafHash).toList();
        try (RecordLog log = RecordLog.open(folder.resolve("journal"), new InMemoryTileStore(), SIGNERS, CLOCK)) {
            IntStream.range(0, size / 1000).forEach(i -> log.appendBytes(entries(i * 1000, (i + 1) * 1000)));

            for (int round = 0; round < 20; round++) {
                int then = 1 + random.nextInt(size);
                int index = random.nextInt(then);
                int old = 1 + random.nextInt(then);
                Sha256 root = Merkle.root(leaves.subList(0, then));

                List<Sha256> inclusion = log.inclusionProof(index, then);
                List<Sha256> consistency = log.consistencyProof(old, then);

                assertThat(inclusion).isEqualTo(Merkle.inclusionProof(index, leaves.subList(0, then)));
                assertThat(Merkle.includes(index, then, leaves.get(index), inclusion, root))
                        .isTrue();
                assertThat(Merkle.extendsTo(old, then, consistency, Merkle.root(leaves.subList(0, old)), root))
                        .isTrue();
            }
            assertThat(log.checkpoint().root()).isEqualTo(Merkle.root(leaves));
        }
    }

    @Test
    void tiles_of_every_width_that_was_ever_reached_are_served() {
        try (RecordLog log = LogFixture.open(folder)) {
            log.appendBytes(entries(0, 600));

            assertThat(log.read("tile/0/000").orElseThrow()).hasSize(8192);
            assertThat(log.read("tile/0/000.p/3").orElseThrow())
                    .startsWith(Merkle.leaf(entry(0)))
                    .endsWith(Merkle.leaf(entry(2)));
            assertThat(log.read("tile/0/002.p/88").orElseThrow()).endsWith(Merkle.leaf(entry(599)));
            assertThat(log.read("tile/0/002.p/89")).isEmpty();
            assertThat(log.read("tile/0/002")).isEmpty();
            assertThat(log.read("tile/1/000.p/2").orElseThrow()).hasSize(64);
            assertThat(log.read("tile/1/000.p/3")).isEmpty();
            assertThat(log.read("tile/entries/001.p/2")).contains(EntryBundle.encode(entries(256, 258)));
            assertThat(log.read("tile/entries/002.p/88")).contains(EntryBundle.encode(entries(512, 600)));
            assertThat(log.read("../journal")).isEmpty();
        }
    }

    @Test
    void what_is_outside_of_the_log_is_refused() {
        try (RecordLog log = LogFixture.open(folder)) {
            log.appendBytes(entries(0, 2));

            assertThat(ruleOf(() -> log.entry(2))).isEqualTo("outside-of-log");
            assertThat(ruleOf(() -> log.entry(-1))).isEqualTo("outside-of-log");
            assertThat(ruleOf(() -> log.entries(1, 3))).isEqualTo("outside-of-log");
            assertThat(ruleOf(() -> log.inclusionProof(2, 2))).isEqualTo("outside-of-log");
            assertThat(ruleOf(() -> log.consistencyProof(2, 3))).isEqualTo("outside-of-log");
            assertThat(log.consistencyProof(0, 2)).isEmpty();
        }
    }

    @Test
    void an_entry_of_65535_bytes_is_taken_and_a_longer_one_refused() {
        try (RecordLog log = LogFixture.open(folder)) {
            log.appendBytes(List.of(new byte[65_535]));

            assertThat(log.entry(0)).hasSize(65_535);
            assertThat(ruleOf(() -> log.appendBytes(List.of(entry(0), new byte[65_536]))))
                    .isEqualTo("entry-too-large");
            assertThat(ruleOf(() -> log.appendBytes(Collections.nCopies(65, new byte[65_535]))))
                    .isEqualTo("entries-too-large");
            assertThatIllegalArgumentException().isThrownBy(() -> log.appendBytes(List.of()));
            assertThat(log.size()).isEqualTo(1);
        }
    }

    @Test
    void a_log_is_open_for_writing_once() {
        try (RecordLog log = LogFixture.open(folder)) {
            assertThat(ruleOf(() -> LogFixture.open(folder))).isEqualTo("log-in-use");
            assertThat(log.appendBytes(entries(0, 1))).isZero();
        }
    }

    @Test
    void a_closed_log_takes_no_entries() {
        RecordLog log = LogFixture.open(folder);
        log.close();

        assertThat(ruleOf(() -> log.appendBytes(entries(0, 1)))).isEqualTo("log-broken");
    }

    @Test
    void appends_of_eight_threads_all_count_once_and_outlive_the_process() throws InterruptedException {
        int threads = 8;
        int each = 200;
        ConcurrentHashMap<Long, String> acknowledged = new ConcurrentHashMap<>();
        ExecutorService clients = Executors.newFixedThreadPool(threads);

        try (RecordLog log = LogFixture.open(folder)) {
            for (int client = 0; client < threads; client++) {
                int own = client;
                clients.execute(() -> IntStream.range(0, each).forEach(i -> {
                    List<byte[]> two = List.of(entry(own * 10_000L + i), entry(own * 10_000L + 5_000 + i));
                    long first = log.appendBytes(two);
                    acknowledged.put(first, new String(two.get(0), UTF_8));
                    acknowledged.put(first + 1, new String(two.get(1), UTF_8));
                }));
            }
            clients.shutdown();
            assertThat(clients.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }

        assertThat(acknowledged).hasSize(threads * each * 2);
        try (RecordLog log = LogFixture.open(folder)) {
            assertThat(log.size()).isEqualTo(acknowledged.size());
            acknowledged.forEach(
                    (index, text) -> assertThat(log.entry(index)).asString().isEqualTo(text));
        }
    }

    @Test
    void an_interrupted_caller_does_not_harm_the_log() {
        try (RecordLog log = LogFixture.open(folder)) {
            Thread.currentThread().interrupt();
            log.appendBytes(entries(0, 1));
            byte[] read = log.entry(0);
            log.signedCheckpoint();
            boolean kept = Thread.interrupted();

            assertThat(kept).isTrue();
            assertThat(read).isEqualTo(entry(0));
            assertThat(log.appendBytes(entries(1, 2))).isEqualTo(1);
        }
    }

    private static Sha256 rootOf(int size) {
        return Merkle.root(entries(0, size).stream().map(Merkle::leafHash).toList());
    }

    private static String ruleOf(ThrowingCallable call) {
        return catchThrowableOfType(Refusal.class, call).rule();
    }
}
