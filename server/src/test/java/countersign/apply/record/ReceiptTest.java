package countersign.apply.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.manifest.ChangeId;
import countersign.manifest.Unit;
import countersign.signing.SshPrivateKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReceiptTest {
    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00.250Z");
    private static final Sha256 OLD = Sha256.of("old".getBytes(UTF_8));
    private static final Sha256 NEW = Sha256.of("new".getBytes(UTF_8));
    private static final SshPrivateKey KEY = SshPrivateKey.ofEd25519Seed(new byte[32]);
    private static final Receipt RECEIPT = new Receipt(
            new Receipt.About(
                    "4c2f7a1e-0000-4000-8000-000000000000",
                    "log.shop.example",
                    ChangeId.parse("2026-11-21/raise-cache"),
                    NEW,
                    "a".repeat(40),
                    new Unit("web-test", "storefront"),
                    "directory",
                    "server"),
            Receipt.Operation.APPLY,
            OLD,
            NEW,
            Receipt.Outcome.APPLIED,
            null,
            List.of(new Receipt.Step("health", true, "web: answers 200", OLD, TIME, TIME.plusMillis(30))),
            "1-0123456789ab",
            TIME,
            TIME.plusMillis(40));

    @Test
    void the_signed_text_of_a_receipt_never_changes() {
        assertThat(new String(RECEIPT.bytes(), UTF_8))
                .isEqualTo("{\"after\":\"" + NEW + "\",\"agent\":\"server\",\"backup\":\"1-0123456789ab\",\"before\":\""
                        + OLD
                        + "\",\"change\":\"2026-11-21/raise-cache\",\"driver\":\"directory\","
                        + "\"finishedAt\":\"2026-11-21T10:00:00.290Z\",\"log\":\"log.shop.example\",\"manifest\":\""
                        + NEW
                        + "\",\"merge\":\"" + "a".repeat(40) + "\",\"operation\":\"apply\",\"outcome\":\"applied\","
                        + "\"reason\":null,\"repository\":\"4c2f7a1e-0000-4000-8000-000000000000\","
                        + "\"startedAt\":\"2026-11-21T10:00:00.250Z\",\"steps\":[{\"detail\":\"web: answers 200\","
                        + "\"detailSha256\":\"" + OLD
                        + "\",\"finishedAt\":\"2026-11-21T10:00:00.280Z\",\"name\":\"health\","
                        + "\"outcome\":\"passed\",\"startedAt\":\"2026-11-21T10:00:00.250Z\"}],"
                        + "\"unit\":{\"system\":\"storefront\",\"target\":\"web-test\"},\"version\":1}\n");
    }

    @Test
    void a_receipt_is_read_as_it_was_written() {
        assertThat(Receipt.parse(RECEIPT.bytes())).isEqualTo(RECEIPT);
    }

    @Test
    void a_signed_receipt_is_verified_against_the_keys_that_may_sign() {
        SignedReceipt signed = SignedReceipt.sign(RECEIPT, KEY);

        assertThat(signed.verify(List.of(KEY.publicKey()))).isEqualTo(RECEIPT);
    }

    @Test
    void a_receipt_of_another_key_is_refused() {
        SignedReceipt signed = SignedReceipt.sign(RECEIPT, SshPrivateKey.ofEd25519Seed(new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8
        }));

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> signed.verify(List.of(KEY.publicKey())));

        assertThat(refusal.rule()).isEqualTo("unknown-receipt-key");
    }

    @Test
    void an_altered_receipt_is_refused() {
        SignedReceipt signed = SignedReceipt.sign(RECEIPT, KEY);
        SignedReceipt altered =
                new SignedReceipt(signed.text().replace("\"applied\"", "\"unchanged\""), signed.signature());

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> altered.verify(List.of(KEY.publicKey())));

        assertThat(refusal.rule()).isEqualTo("bad-signature");
    }

    @Test
    void what_this_program_would_not_write_is_refused() {
        assertThat(ruleOf("\"version\":1", "\"version\":2")).isEqualTo("unknown-receipt-version");
        assertThat(ruleOf("\"version\":1", "\"version\":1,\"wish\":1")).isEqualTo("unknown-field");
        assertThat(ruleOf("\"applied\"", "\"APPLIED\"")).isEqualTo("not-canonical");
        assertThat(ruleOf("10:00:00.290Z", "10:00:00.290000Z")).isEqualTo("not-canonical");
        assertThat(ruleOf("{\"after\"", "{ \"after\"")).isEqualTo("not-canonical");
    }

    private static String ruleOf(String found, String replacement) {
        byte[] bytes =
                new String(RECEIPT.bytes(), UTF_8).replace(found, replacement).getBytes(UTF_8);
        return catchThrowableOfType(Refusal.class, () -> Receipt.parse(bytes)).rule();
    }
}
