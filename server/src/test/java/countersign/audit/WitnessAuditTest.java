package countersign.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.gate.vote.Decision;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import countersign.signing.SignedNote;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is said of a clone whose repository wants witnesses (PROTOCOL §4.5). */
final class WitnessAuditTest {
    private static final Instant SEEN = Instant.parse("2026-11-21T12:00:00Z");

    private final NoteSigner witness = signer("witness.example", "the seed of the witness, 32 byte");

    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    @Test
    void a_log_that_too_few_witnesses_saw_is_named_until_one_of_them_cosigns() throws Exception {
        demandWitness();
        Path clone = cloned.fresh();

        ClonedShop.Verdict unseen = cloned.verify(clone);
        cosign(clone, signer("witness.example", "the seed of another one, 32 byte"));
        ClonedShop.Verdict seenByAnother = cloned.verify(clone);
        cosign(clone, witness);
        ClonedShop.Verdict seen = cloned.verify(clone);

        assertThat(unseen.rules()).containsExactly("witness-quorum");
        assertThat(unseen.independentlyGood()).isFalse();
        assertThat(unseen.independent()).contains("witness-quorum: 1 more must cosign");
        assertThat(seenByAnother.rules()).containsExactly("witness-quorum");
        assertThat(seenByAnother.independentlyGood()).isFalse();
        assertThat(seen.rules()).isEmpty();
        assertThat(seen.text()).contains("1 witness(es)").doesNotContain("not witnessed");
        assertThat(seen.independentlyGood()).as(seen.independent()).isTrue();
    }

    private void demandWitness() {
        Shop shop = cloned.shop;
        String text =
                new String(shop.repository.snapshot(shop.changes().main()).read("countersign.yaml", 1 << 16), UTF_8);
        String demanding = text.replace("quorum: 0", "quorum: 1")
                .replace("keys: []", "keys: [\"" + witness.key().vkey() + "\"]");
        shop.open("ann", "witnesses", Map.of("countersign.yaml", demanding));
        shop.vote("witnesses", "carol", Decision.APPROVE, "approver");
        shop.vote("witnesses", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("witnesses");
    }

    /** Adds a cosignature to the checkpoint that a clone has. */
    private void cosign(Path clone, NoteSigner cosigner) throws IOException, InterruptedException {
        Forger forger = new Forger(clone, History.of(cloned, clone));
        SignedNote note = SignedNote.parse(forger.bytes("cat-file", "blob", Forger.LOG + ":checkpoint"));
        String line = cosigner.cosign(note.text(), SEEN);
        forger.rewrite(
                Forger.LOG,
                Map.of("checkpoint", note.with(List.of(line)).write().getBytes(UTF_8)));
    }

    private static NoteSigner signer(String name, String seed) {
        return new NoteSigner(name, NoteKey.Algorithm.COSIGNATURE, seed.getBytes(UTF_8));
    }
}
