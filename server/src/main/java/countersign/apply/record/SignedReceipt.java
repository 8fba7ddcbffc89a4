package countersign.apply.record;

import countersign.codec.Refusal;
import countersign.log.LogEntry;
import countersign.signing.SigningKey;
import countersign.signing.SshPublicKey;
import countersign.signing.SshSignature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * A receipt as the log keeps it.
 *
 * @param text the signed text, byte for byte
 * @param signature armored SSHSIG in the namespace {@value Receipt#NAMESPACE}
 */
public record SignedReceipt(String text, String signature) {
    public static SignedReceipt sign(Receipt receipt, SigningKey key) {
        byte[] bytes = receipt.bytes();
        return new SignedReceipt(new String(bytes, StandardCharsets.UTF_8), key.sign(Receipt.NAMESPACE, bytes));
    }

    public static SignedReceipt of(LogEntry.Receipt entry) {
        return new SignedReceipt(entry.receipt(), entry.signature());
    }

    public LogEntry.Receipt entry(Instant time) {
        return new LogEntry.Receipt(text, signature, time);
    }

    /** What it says; the signature is not looked at. */
    public Receipt receipt() {
        return Receipt.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The key that it claims to be signed by. */
    public SshPublicKey key() {
        return SshSignature.parse(signature).publicKey();
    }

    /**
     * What it says, if one of the keys signed it; otherwise a Refusal {@code unknown-receipt-key} or what is wrong with the
     * signature.
     */
    public Receipt verify(List<SshPublicKey> keys) {
        SshSignature signed = SshSignature.parse(signature);
        if (!keys.contains(signed.publicKey())) {
            throw new Refusal(
                    "unknown-receipt-key",
                    "a receipt is signed by " + signed.publicKey().fingerprint()
                            + ", which may not sign receipts here");
        }
        signed.verify(Receipt.NAMESPACE, text.getBytes(StandardCharsets.UTF_8));
        return receipt();
    }
}
