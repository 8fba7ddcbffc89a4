package countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.gate.vote.Decision;
import countersign.log.LogSigners;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is said of a clone whose log got another key (PROTOCOL §7). */
final class LogKeyRotationAuditTest {
    private final NoteSigner added = new NoteSigner(
            "shop.example/log",
            NoteKey.Algorithm.ED25519,
            "another seed, 32 bytes of it, ok".getBytes(StandardCharsets.US_ASCII));

    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;

    @Test
    void a_key_that_signed_beside_the_old_one_is_trusted_when_that_is_gone() throws Exception {
        trustRoot("add", line -> line + line.replace(old().vkey(), added.key().vkey()));
        shop.rotate(signers(true, true));
        shop.merged("between", 60);
        ClonedShop.Verdict during = cloned.verify();
        trustRoot("drop", line -> "");
        shop.rotate(signers(false, true));
        shop.merged("after", 90);

        ClonedShop.Verdict after = cloned.verify();

        assertThat(during.rules()).isEmpty();
        assertThat(after.rules()).isEmpty();
        assertThat(after.good()).isTrue();
        assertThat(after.text()).contains("log keys since #1").contains("log keys since #3");
        assertThat(during.independentlyGood()).as(during.independent()).isTrue();
        assertThat(after.independentlyGood()).as(after.independent()).isTrue();
        assertThat(after.independent()).contains("ok    log keys since #1", "ok    log keys since #3");
    }

    @Test
    void a_key_that_never_signed_beside_the_old_one_is_refused() throws Exception {
        trustRoot("add", line -> line + line.replace(old().vkey(), added.key().vkey()));
        trustRoot("drop", line -> "");
        shop.rotate(signers(true, true));
        shop.merged("unpublished", 60);
        shop.rotate(signers(false, true));
        shop.merged("after", 90);

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.good()).isFalse();
        assertThat(verdict.rules()).containsExactly("log-key-not-handed-over");
        assertThat(verdict.text()).contains(added.key().vkey());
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains("FAIL  log keys since #1: log-key-not-handed-over");
    }

    @Test
    void an_old_key_signs_for_the_log_no_longer() throws Exception {
        trustRoot("swap", line -> line.replace(old().vkey(), added.key().vkey()));

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.good()).isFalse();
        assertThat(verdict.rules()).containsExactly("checkpoint-not-signed");
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains("checkpoint: the log did not sign it");
    }

    private NoteKey old() {
        return shop.signers.signers().get(0).key();
    }

    private LogSigners signers(boolean old, boolean other) {
        List<NoteSigner> signers = new ArrayList<>();
        if (old) {
            signers.add(shop.signers.signers().get(0));
        }
        if (other) {
            signers.add(added);
        }
        signers.add(shop.signers.signers().get(1));
        return new LogSigners("shop.example/log", signers);
    }

    /** Edits the line of the trust root that has the old key. */
    private void trustRoot(String name, UnaryOperator<String> edit) {
        String text = new String(
                shop.repository.snapshot(shop.changes().main()).read("countersign.yaml", 1 << 16),
                StandardCharsets.UTF_8);
        String line = text.lines()
                        .filter(candidate -> candidate.contains(old().vkey()))
                        .findFirst()
                        .orElseThrow()
                + "\n";
        shop.open("ann", name, Map.of("countersign.yaml", text.replace(line, edit.apply(line))));
        shop.vote(name, "carol", Decision.APPROVE, "approver");
        shop.vote(name, "dave", Decision.APPROVE, "approver");
        shop.changes().merge(name);
    }
}
