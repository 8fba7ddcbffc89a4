package countersign.gate.circumstance;

import countersign.access.Trust;
import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.LogEntry;
import countersign.manifest.ChangeId;
import countersign.manifest.Unit;
import countersign.signing.SshSignature;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * A receipt that says that a unit of a change failed, or was brought back because one did.
 *
 * @param entry the log entry
 * @param index its index
 * @param change the change
 * @param manifest digest of its manifest
 * @param unit the unit
 */
public record FailedReceipt(LogEntry.Receipt entry, long index, ChangeId change, Sha256 manifest, Unit unit) {
    private static final String NAMESPACE = "receipt@countersign.dev";
    private static final int MAX_BYTES = 32 << 10;
    private static final Set<String> FAILING = Set.of("failed", "rolled-back");

    /** Reads a log entry; empty if it tells of no failure. The signature is not looked at. */
    public static Optional<FailedReceipt> of(LogEntry.Receipt entry, long index) {
        Fields receipt = Fields.of("receipt", CanonicalJson.readObject("receipt", bytes(entry), MAX_BYTES));
        if (!FAILING.contains(receipt.text("outcome"))) {
            return Optional.empty();
        }
        Fields unit = receipt.object("unit");
        return Optional.of(new FailedReceipt(
                entry,
                index,
                ChangeId.parse(receipt.text("change")),
                receipt.digest("manifest"),
                new Unit(unit.text("target"), unit.text("system"))));
    }

    /** Fingerprint of the key that signed it. */
    public String key() {
        return SshSignature.parse(entry.signature()).publicKey().fingerprint();
    }

    /** Whether the target itself says so: one of its agents, or the server for a target without any. */
    public boolean signedByTarget(Trust trust, boolean hasAgents) {
        try {
            SshSignature signature = SshSignature.parse(entry.signature());
            signature.verify(NAMESPACE, bytes(entry));
            Trust.KeyOwner wanted =
                    hasAgents ? new Trust.KeyOwner("agent", unit.target()) : new Trust.KeyOwner("server", "server");
            return trust.findOwner(signature.publicKey()).filter(wanted::equals).isPresent();
        } catch (Refusal unsigned) {
            return false;
        }
    }

    private static byte[] bytes(LogEntry.Receipt entry) {
        return entry.receipt().getBytes(StandardCharsets.UTF_8);
    }
}
