package countersign.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Catches refusals. */
public final class Refusals {
    private Refusals() {}

    /** The refusal of a call that must be refused. */
    public static Refusal refusalOf(ThrowingCallable call) {
        Refusal refusal = catchThrowableOfType(Refusal.class, call);
        assertThat(refusal).as("it must be refused").isNotNull();
        return refusal;
    }
}
