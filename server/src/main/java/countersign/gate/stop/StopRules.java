package countersign.gate.stop;

import countersign.access.RepositorySettings;
import countersign.access.Trust;
import countersign.codec.Refusal;
import countersign.gate.VoteRules;
import countersign.gate.key.RevokedKeys;
import java.util.Optional;

/** Whether an order to stop counts: one person's, in a role that {@code countersign.yaml} names. Thread-safe. */
public final class StopRules {
    private final VoteRules voteRules;

    public StopRules(VoteRules voteRules) {
        this.voteRules = voteRules;
    }

    /**
     * Refuses, by the name of the first rule that it breaks, an order that does not count.
     *
     * @param trust people, keys and grants of main as it stood
     * @param revoked the keys that were revoked before it
     * @param standing the stop that stands, if one does
     */
    public void check(LoggedStop logged, Trust trust, RevokedKeys revoked, Optional<LoggedStop> standing) {
        StopOrder order = logged.order();
        voteRules.requireSigner(order.person(), logged.bytes(), logged.signature(), trust);
        requireHere(order, trust.settings());
        String key = logged.signature().publicKey().fingerprint();
        if (revoked.find(key).isPresent()) {
            throw new Refusal("key-revoked", "the key " + key + " that signed was revoked", "sign with another key");
        }
        requireRole(logged, trust);
        if (order.reason().isBlank()) {
            throw new Refusal("reason-missing", "who stops everything, or lets it go on, says why", "sign again");
        }
        requireNews(logged, standing);
    }

    private static void requireHere(StopOrder order, RepositorySettings settings) {
        requireSame("other-repository", settings.id(), order.repository());
        requireSame("other-log", settings.origin(), order.log());
    }

    private static void requireRole(LoggedStop logged, Trust trust) {
        StopOrder order = logged.order();
        boolean named = trust.settings().stopRoles().contains(order.role());
        boolean held =
                trust.grants(order.person(), order.role()).stream().anyMatch(grant -> grant.holdsAt(logged.loggedAt()));
        if (!named || !held) {
            throw new Refusal(
                    "role-not-granted",
                    order.person() + " claims the role " + order.role() + "; everything is stopped by "
                            + String.join(" or ", trust.settings().stopRoles())
                            + (named ? ", which no grant gives at " + logged.loggedAt() : ""));
        }
    }

    private static void requireNews(LoggedStop logged, Optional<LoggedStop> standing) {
        if (logged.stops() && standing.isPresent()) {
            throw new Refusal("already-stopped", standing.get().message());
        }
        if (!logged.stops() && standing.isEmpty()) {
            throw new Refusal("not-stopped", "nothing is stopped");
        }
        standing.filter(stop -> !logged.stops()).ifPresent(stop -> requireSawIt(logged.order(), stop));
    }

    /** An order that somebody gave once must not lift a later stop when a server logs it again. */
    private static void requireSawIt(StopOrder order, LoggedStop standing) {
        if (order.provenance().checkpoint().size() <= standing.index()) {
            throw new Refusal(
                    "order-older-than-stop",
                    "the order to go on saw " + order.provenance().checkpoint().size()
                            + " log entries; the stop that stands is entry " + standing.index()
                            + ", which its signer did not know",
                    "ask for a new order and sign that");
        }
    }

    private static void requireSame(String rule, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw new Refusal(rule, "the order names " + actual + ", this is " + expected);
        }
    }
}
