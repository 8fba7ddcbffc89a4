package countersign.policy.cel;

import countersign.policy.cel.CelProgram.EvaluationFailure;
import java.util.Optional;

/**
 * What one evaluation may still spend, and who watches it. The bound counts steps, so that it does not depend on the
 * machine. Not thread-safe: one evaluation, one thread.
 */
public final class Run {
    private final Optional<Observation> observation;
    private final long most;
    private long steps;

    /** At most so many steps in all, watched or not. */
    public Run(long most, Optional<Observation> observation) {
        this.most = most;
        this.observation = observation;
    }

    /** The steps taken so far. */
    public long steps() {
        return steps;
    }

    Optional<Observation> observation() {
        return observation;
    }

    void spend(int more) throws EvaluationFailure {
        steps += more;
        if (steps > most) {
            throw new EvaluationFailure("the policy takes more than " + most + " steps for this change");
        }
    }
}
