package countersign.gate.vote;

import java.util.Locale;

/** What a statement decides (PROTOCOL §3.1). */
public enum Decision {
    SUBMIT,
    APPROVE,
    REJECT,
    WITHDRAW,
    OVERRIDE,
    CONFIRM,
    ROLLBACK;

    /** The word in statements. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
