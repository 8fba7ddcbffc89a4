package countersign.change.stop;

import countersign.access.RepositorySettings;
import countersign.access.Trust;
import countersign.change.wish.Drafting;
import countersign.gate.key.RevokedKeys;
import countersign.gate.stop.LoggedStop;
import countersign.gate.stop.StopOrder;
import countersign.gate.stop.StopRules;
import countersign.log.LogClock;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.merge.Ledger;
import countersign.merge.SeenLog;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Takes in orders to stop and to go on: in force for merges as soon as the log has them. Thread-safe. */
public final class StopDesk {
    private final Parts parts;

    /**
     * What the desk is made of.
     *
     * @param trust the trust of present main
     * @param revoked the keys that are revoked
     * @param appended told of each order once the log has it
     */
    public record Parts(
            RecordLog log,
            Ledger ledger,
            Supplier<Trust> trust,
            Supplier<RevokedKeys> revoked,
            StopRules rules,
            StopSwitch present,
            LogClock clock,
            Drafting drafting,
            BiConsumer<Long, LogEntry> appended) {}

    public StopDesk(Parts parts) {
        this.parts = parts;
    }

    /**
     * What somebody wants to order.
     *
     * @param person the signer
     * @param decision stop or resume
     * @param role the role claimed
     * @param reason the signer's words
     * @param client cli, web or manual
     */
    public record Wish(String person, StopOrder.Decision decision, String role, String reason, String client) {}

    /** The stop that stands, if one does. */
    public Optional<LoggedStop> standing() {
        return parts.present().standing();
    }

    /** The text that somebody is to sign, byte for byte. */
    public StopOrder draft(Wish wish) {
        RepositorySettings settings = parts.trust().get().settings();
        return new StopOrder(
                settings.id(),
                settings.origin(),
                wish.decision(),
                wish.role(),
                parts.drafting()
                        .provenance(
                                wish.person(),
                                wish.reason(),
                                wish.client(),
                                parts.clock().now()));
    }

    /** Takes a signed order: judged, logged for ever, and in force when this returns. */
    public LoggedStop order(byte[] text, String signature) {
        parts.ledger().requireIntact();
        return parts.ledger().outsideMerges(() -> take(text, signature));
    }

    private LoggedStop take(byte[] text, String signature) {
        LogEntry.Stop entry = LoggedStop.entry(text, signature, parts.clock().now());
        LoggedStop expected = LoggedStop.of(entry, parts.log().size());
        parts.rules()
                .check(
                        expected,
                        parts.trust().get(),
                        parts.revoked().get(),
                        parts.present().standing());
        SeenLog.require(expected.order().provenance().checkpoint(), parts.log());
        long index = parts.log().append(entry);
        parts.appended().accept(index, entry);
        return LoggedStop.of(entry, index);
    }
}
