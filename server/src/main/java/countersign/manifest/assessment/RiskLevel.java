package countersign.manifest.assessment;

import java.util.Locale;

/** How great a risk is, and how critical a system; later is greater. */
public enum RiskLevel {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL;

    /** The word in documents. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RiskLevel of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** How bad the failure of a system of this criticality is at least. */
    Grade impact() {
        return switch (this) {
            case LOW -> Grade.LOW;
            case MEDIUM -> Grade.MEDIUM;
            case HIGH, CRITICAL -> Grade.HIGH;
        };
    }
}
