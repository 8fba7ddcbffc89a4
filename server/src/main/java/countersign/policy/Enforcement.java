package countersign.policy;

import countersign.codec.Finding.Severity;
import countersign.policy.PolicyResult.Outcome;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;

/**
 * How gravely a policy takes a rule that does not hold.
 *
 * @param standard the level where no environment says otherwise
 * @param environments the level of single environments
 */
public record Enforcement(Level standard, Map<String, Level> environments) {
    /** How gravely; later is stricter. */
    public enum Level {
        OFF(Outcome.NOT_APPLICABLE, Severity.INFO),
        AUDIT(Outcome.AUDITED, Severity.INFO),
        WARN(Outcome.WARNED, Severity.WARNING),
        DENY(Outcome.DENIED, Severity.ERROR);

        private final Outcome outcome;
        private final Severity severity;

        Level(Outcome outcome, Severity severity) {
            this.outcome = outcome;
            this.severity = severity;
        }

        Outcome outcome() {
            return outcome;
        }

        Severity severity() {
            return severity;
        }
    }

    public Enforcement {
        environments = Map.copyOf(environments);
    }

    /** The strictest level over some environments; the standard one if there are none. */
    Level levelFor(Collection<String> names) {
        return names.stream()
                .map(name -> environments.getOrDefault(name, standard))
                .max(Comparator.naturalOrder())
                .orElse(standard);
    }
}
