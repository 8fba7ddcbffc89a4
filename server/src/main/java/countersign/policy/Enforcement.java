package countersign.policy;

import countersign.codec.Finding.Severity;
import countersign.policy.PolicyResult.Outcome;
import countersign.policy.input.Stage;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How gravely a policy takes a rule that does not hold. The stage and the day can only make it milder.
 *
 * @param standard the level where nothing else is said
 * @param stages the level at single stages; the standard one at the others
 * @param environments the level of single environments
 * @param scope which findings the level is for
 * @param effectiveFrom before this moment nothing is graver than a warning
 */
public record Enforcement(
        Level standard,
        Map<Stage, Level> stages,
        Map<String, Level> environments,
        Scope scope,
        @Nullable Instant effectiveFrom) {
    /** A policy that says nothing denies. */
    static final Enforcement STANDARD = new Enforcement(Level.DENY, Map.of(), Map.of(), Scope.DOCUMENT, null);

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

        Level atMost(Level other) {
            return compareTo(other) <= 0 ? this : other;
        }
    }

    /** Which findings may deny. */
    public enum Scope {
        /** Every finding in a document that the change touches. */
        DOCUMENT,
        /** Those about a value that the change touches; older ones are warned of. */
        CHANGED
    }

    public Enforcement {
        stages = Map.copyOf(stages);
        environments = Map.copyOf(environments);
    }

    /** The strictest level over some environments, the standard one if there are none, made milder by stage and time. */
    Level levelFor(Collection<String> names, Stage stage, Instant now) {
        return milder(
                names.stream()
                        .map(name -> environments.getOrDefault(name, standard))
                        .max(Comparator.naturalOrder())
                        .orElse(standard),
                stage,
                now);
    }

    /** The standard level, made milder by stage and time. */
    Level level(Stage stage, Instant now) {
        return milder(standard, stage, now);
    }

    private Level milder(Level level, Stage stage, Instant now) {
        Level staged = level.atMost(stages.getOrDefault(stage, Level.DENY));
        return effectiveFrom != null && now.isBefore(effectiveFrom) ? staged.atMost(Level.WARN) : staged;
    }
}
