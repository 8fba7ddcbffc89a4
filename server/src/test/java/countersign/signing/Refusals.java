package countersign.signing;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Names the rule by which something is refused. */
public final class Refusals {
    private Refusals() {}

    /** The rule, or {@code accepted}. */
    public static String ruleOf(ThrowingCallable attempt) {
        Refusal refusal = catchThrowableOfType(Refusal.class, attempt);
        return refusal == null ? "accepted" : refusal.rule();
    }
}
