package countersign.manifest.assessment;

import java.util.Locale;

/** What a request says of likelihood, impact, urgency and importance; later is more. */
public enum Grade {
    LOW,
    MEDIUM,
    HIGH;

    /** The word in documents. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Grade of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** The greater of both. */
    Grade orMore(Grade other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
