package countersign.gate.key;

import countersign.access.RepositorySettings;
import countersign.access.Trust;
import countersign.codec.Refusal;
import countersign.gate.VoteRules;

/**
 * Whether a revocation counts: people revoke their own keys only, alone, with any key of theirs that is not revoked
 * (PROTOCOL §7). Thread-safe.
 */
public final class RevocationRules {
    private final VoteRules voteRules;

    public RevocationRules(VoteRules voteRules) {
        this.voteRules = voteRules;
    }

    /**
     * Refuses, by the name of the first rule that it breaks, a revocation that does not count.
     *
     * @param trust people and keys of main as it stood
     * @param before what was revoked before it
     */
    public void check(LoggedRevocation logged, Trust trust, RevokedKeys before) {
        Revocation revocation = logged.revocation();
        voteRules.requireSigner(revocation.person(), logged.bytes(), logged.signature(), trust);
        requireHere(revocation, trust.settings());
        requireOwn(revocation, trust);
        if (before.find(logged.signer()).isPresent()) {
            throw new Refusal(
                    "key-revoked",
                    "the key " + logged.signer() + " that signed was itself revoked",
                    "sign with another key of yours, or let an administrator remove the key by a change");
        }
        requireSince(revocation, logged.index());
        requireNews(revocation, before);
    }

    private static void requireHere(Revocation revocation, RepositorySettings settings) {
        requireSame("other-repository", "repository", settings.id(), revocation.repository());
        requireSame("other-log", "log", settings.origin(), revocation.log());
    }

    private static void requireOwn(Revocation revocation, Trust trust) {
        boolean own = trust.findPerson(revocation.person()).orElseThrow().keys().stream()
                .anyMatch(key -> key.publicKey().fingerprint().equals(revocation.key()));
        if (!own) {
            throw new Refusal(
                    "key-of-another",
                    revocation.person() + " revokes the key " + revocation.key() + ", which is not that person's",
                    "another person's key is removed by a change to access/people");
        }
    }

    private static void requireSince(Revocation revocation, long index) {
        Long since = revocation.since();
        if (since != null && (since < 0 || since > index)) {
            throw new Refusal(
                    "since-outside-of-log",
                    "a key is compromised from a log entry on, 0 to " + index + ", found: " + since);
        }
    }

    private static void requireNews(Revocation revocation, RevokedKeys before) {
        before.find(revocation.key())
                .filter(known -> !isWorse(revocation, known))
                .ifPresent(known -> {
                    throw new Refusal(
                            "already-revoked",
                            "the key " + revocation.key() + " was revoked in log entry " + known.index());
                });
    }

    private static boolean isWorse(Revocation revocation, RevokedKeys.Entry known) {
        Long since = revocation.since();
        return since != null && (known.since() == null || since < known.since());
    }

    private static void requireSame(String rule, String what, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw new Refusal(rule, "the revocation names the " + what + " " + actual + ", this is " + expected);
        }
    }
}
