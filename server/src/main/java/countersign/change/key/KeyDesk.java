package countersign.change.key;

import countersign.access.RepositorySettings;
import countersign.access.Trust;
import countersign.change.wish.Drafting;
import countersign.gate.key.LoggedRevocation;
import countersign.gate.key.Revocation;
import countersign.gate.key.RevocationRules;
import countersign.gate.key.RevokedKeys;
import countersign.log.LogClock;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.merge.Ledger;
import countersign.merge.SeenLog;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes in revocations: effective for the gate as soon as the log has them. Thread-safe. */
public final class KeyDesk {
    private final Parts parts;

    /**
     * What the desk is made of.
     *
     * @param trust the trust of present main
     * @param appended told of each revocation once the log has it
     */
    public record Parts(
            RecordLog log,
            Ledger ledger,
            Supplier<Trust> trust,
            RevocationRules rules,
            KeyRing ring,
            LogClock clock,
            Drafting drafting,
            BiConsumer<Long, LogEntry> appended) {}

    public KeyDesk(Parts parts) {
        this.parts = parts;
    }

    /**
     * What somebody wants to revoke.
     *
     * @param person the signer
     * @param key fingerprint of the key
     * @param since log index from which it is compromised; null: only retired
     * @param reason the signer's words
     * @param client cli, web or manual
     */
    public record Wish(String person, String key, @Nullable Long since, String reason, String client) {}

    /** Every revoked key, in the order of the log. */
    public Collection<RevokedKeys.Entry> revoked() {
        return parts.ring().present().all();
    }

    /** What follows from every revocation so far. */
    public RevokedKeys present() {
        return parts.ring().present();
    }

    /** The text that somebody is to sign, byte for byte. */
    public Revocation draft(Wish wish) {
        RepositorySettings settings = parts.trust().get().settings();
        return new Revocation(
                settings.id(),
                settings.origin(),
                wish.key(),
                wish.since(),
                parts.drafting()
                        .provenance(
                                wish.person(),
                                wish.reason(),
                                wish.client(),
                                parts.clock().now()));
    }

    /** Takes a signed revocation: judged, logged for ever, and in force when this returns. */
    public LoggedRevocation revoke(byte[] text, String signature) {
        parts.ledger().requireIntact();
        return parts.ledger().outsideMerges(() -> parts.ring().revoking(() -> take(text, signature)));
    }

    private LoggedRevocation take(byte[] text, String signature) {
        LogEntry.Revocation entry =
                LoggedRevocation.entry(text, signature, parts.clock().now());
        LoggedRevocation expected = LoggedRevocation.of(entry, parts.log().size());
        parts.rules().check(expected, parts.trust().get(), parts.ring().present());
        SeenLog.require(expected.revocation().provenance().checkpoint(), parts.log());
        long index = parts.log().append(entry);
        parts.appended().accept(index, entry);
        return LoggedRevocation.of(entry, index);
    }
}
