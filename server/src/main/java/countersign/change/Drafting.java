package countersign.change;

import countersign.change.wish.Draft;
import countersign.codec.Refusal;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.log.Checkpoint;
import countersign.log.RecordLog;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Writes the statements that people are to sign. Thread-safe if its randomness is. */
final class Drafting {
    private static final Duration LIFETIME = Duration.ofDays(14);
    private static final int NONCE_BYTES = 16;

    private final RecordLog log;
    private final RandomGenerator random;

    Drafting(RecordLog log, RandomGenerator random) {
        this.log = log;
        this.random = random;
    }

    /** What somebody says of an effect, with the log as it stands. */
    Statement statement(Draft draft, Statement.Effect effect, Instant now) {
        Checkpoint checkpoint = log.checkpoint();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return new Statement(
                effect,
                draft.decision(),
                draft.role(),
                draft.person(),
                draft.reason(),
                rule(draft),
                new Statement.Times(now, now.plus(LIFETIME)),
                HexFormat.of().formatHex(nonce),
                new Statement.SeenCheckpoint(checkpoint.origin(), checkpoint.size(), checkpoint.root()),
                draft.client());
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
