package countersign.change.wish;

import countersign.codec.Refusal;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Provenance;
import countersign.gate.vote.SeenCheckpoint;
import countersign.gate.vote.Statement;
import countersign.log.RecordLog;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Writes the texts that people are to sign. Thread-safe if its randomness is. */
public final class Drafting {
    private static final Duration LIFETIME = Duration.ofDays(14);
    private static final int NONCE_BYTES = 16;

    private final RecordLog log;
    private final RandomGenerator random;

    public Drafting(RecordLog log, RandomGenerator random) {
        this.log = log;
        this.random = random;
    }

    /** What somebody says of an effect, with the log as it stands. */
    public Statement statement(Draft draft, Statement.Effect effect, Instant now) {
        return new Statement(
                effect,
                draft.decision(),
                draft.role(),
                rule(draft),
                now.plus(LIFETIME),
                provenance(draft.person(), draft.reason(), draft.client(), now));
    }

    /** What any text says of its signer, with the log as it stands. */
    public Provenance provenance(String person, String reason, String client, Instant now) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return new Provenance(
                person, reason, now, HexFormat.of().formatHex(nonce), SeenCheckpoint.of(log.checkpoint()), client);
    }

    /** The rule that an override sets aside; other decisions have none. */
    private static @Nullable String rule(Draft draft) {
        if (draft.decision() != Decision.OVERRIDE) {
            return null;
        }
        if (draft.rule() == null) {
            throw new Refusal("missing-field", "an override names the rule that it sets aside");
        }
        return draft.rule();
    }
}
