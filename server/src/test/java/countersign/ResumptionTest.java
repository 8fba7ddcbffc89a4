package countersign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.apply.ApplyMemory;
import countersign.apply.record.InMemoryApplyLog;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.LogEntry;
import countersign.log.LogSigners;
import countersign.log.RecordLog;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import countersign.store.Database;
import countersign.store.JdbcLogAnchor;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database goes on from where it stood only if the record log is the one that it was made from. */
final class ResumptionTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final LogSigners SIGNERS = LogSigners.of(
            "shop.example/log",
            new NoteSigner("shop.example/log", NoteKey.Algorithm.ED25519, new byte[32]),
            new NoteSigner("shop.example/clock", NoteKey.Algorithm.COSIGNATURE, new byte[32]));

    private final Database database = Database.open("jdbc:h2:mem:" + UUID.randomUUID());
    private final JdbcLogAnchor anchors = new JdbcLogAnchor(database);
    private final AtomicBoolean forgotten = new AtomicBoolean();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void the_same_log_goes_on_however_much_was_appended() {
        try (RecordLog log = founded("same", "shop")) {
            append(log, "one", 5);
            resume(log).remember(new InMemoryApplyLog());

            append(log, "two", 5);
            resume(log);
        }

        assertThat(forgotten).isFalse();
        assertThat(anchors.find())
                .hasValueSatisfying(anchor -> assertThat(anchor.entries()).isEqualTo(6));
    }

    @Test
    void an_older_log_that_was_restored_makes_the_projections_anew() {
        try (RecordLog log = founded("newer", "shop")) {
            append(log, "one", 5);
            resume(log).remember(new InMemoryApplyLog());
        }

        try (RecordLog log = founded("older", "shop")) {
            append(log, "one", 3);
            resume(log);
        }

        assertThat(forgotten).isTrue();
        assertThat(anchors.find())
                .hasValueSatisfying(anchor -> assertThat(anchor.entries()).isZero());
    }

    @Test
    void a_log_that_went_another_way_makes_the_projections_anew_though_it_is_longer() {
        try (RecordLog log = founded("one-way", "shop")) {
            append(log, "one", 5);
            resume(log).remember(new InMemoryApplyLog());
        }

        try (RecordLog log = founded("other-way", "shop")) {
            append(log, "one", 4);
            append(log, "two", 9);
            resume(log);
        }

        assertThat(forgotten).isTrue();
    }

    @Test
    void a_database_of_another_repository_is_refused_and_left_alone() {
        try (RecordLog log = founded("shop", "shop")) {
            resume(log).remember(new InMemoryApplyLog());
        }

        try (RecordLog log = founded("bank", "bank")) {
            assertThatThrownBy(() -> resume(log)).isInstanceOfSatisfying(Refusal.class, refusal -> {
                assertThat(refusal.rule()).isEqualTo("database-of-another-repository");
                assertThat(refusal).hasMessageContaining("shop").hasMessageContaining("bank");
            });
        }
        assertThat(forgotten).isFalse();
        assertThat(anchors.find())
                .hasValueSatisfying(anchor -> assertThat(anchor.repository()).isEqualTo("shop"));
    }

    @Test
    void a_log_that_was_forgotten_still_names_its_repository() {
        try (RecordLog log = founded("older", "shop")) {
            anchors.keep(new JdbcLogAnchor.Anchor("shop", 9, Sha256.of(new byte[0]), ApplyMemory.NONE.text()));
            resume(log);
        }

        try (RecordLog log = founded("bank", "bank")) {
            assertThatThrownBy(() -> resume(log))
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.rule()).isEqualTo("database-of-another-repository"));
        }
    }

    private Resumption resume(RecordLog log) {
        return Resumption.of(anchors, log, () -> forgotten.set(true));
    }

    private RecordLog founded(String name, String repository) {
        RecordLog log = RecordLog.open(folder.resolve(name), SIGNERS, InstantSource.fixed(NOON));
        log.append(new LogEntry.Genesis(repository, 1, "a".repeat(40), Sha256.of(new byte[0]), NOON));
        return log;
    }

    private static void append(RecordLog log, String what, int count) {
        for (int i = 0; i < count; i++) {
            log.append(new LogEntry.Statement(what + i, "signature", NOON));
        }
    }
}
