package countersign.log.copy;

import static countersign.log.LogFixture.TRUST;
import static countersign.log.LogFixture.entries;
import static countersign.log.LogFixture.entry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.log.LogFixture;
import countersign.log.LogTrust;
import countersign.log.RecordLog;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogProofTest {
    @TempDir
    private Path folder;

    @Test
    void a_proof_file_shows_offline_that_an_entry_is_in_the_log() {
        LogProof proof = proofOf(77, 300);

        LogTrust.Verified head = LogProof.parse(proof.write()).verify(entry(77), TRUST);

        assertThat(head.checkpoint().size()).isEqualTo(300);
        assertThat(new String(proof.write(), UTF_8)).startsWith("c2sp.org/tlog-proof@v1\nindex 77\n");
    }

    @Test
    void another_entry_is_not_proven() {
        LogProof proof = proofOf(77, 300);

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> proof.verify(entry(78), TRUST));

        assertThat(refusal.rule()).isEqualTo("entry-not-in-log");
    }

    @Test
    void any_flipped_byte_of_the_file_is_refused() {
        byte[] file = proofOf(2, 5).write();

        for (int place = 0; place < file.length; place++) {
            byte[] flipped = file.clone();
            flipped[place] ^= 4;

            Refusal refusal = catchThrowableOfType(
                    Refusal.class, () -> LogProof.parse(flipped).verify(entry(2), TRUST));

            assertThat(refusal).as("flip at %d", place).isNotNull();
        }
    }

    @Test
    void a_proof_of_the_only_entry_has_no_hashes() {
        LogProof proof = proofOf(0, 1);

        assertThat(proof.hashes()).isEmpty();
        assertThat(LogProof.parse(proof.write())
                        .verify(entry(0), TRUST)
                        .checkpoint()
                        .size())
                .isEqualTo(1);
    }

    private LogProof proofOf(long index, int size) {
        try (RecordLog log = LogFixture.open(folder)) {
            log.appendBytes(entries(0, size));
            return LogProof.of(index, log);
        }
    }
}
