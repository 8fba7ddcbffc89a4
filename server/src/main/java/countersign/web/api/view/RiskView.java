package countersign.web.api.view;

import countersign.manifest.assessment.Grade;
import countersign.manifest.assessment.Risk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The risk of a change in answers.
 *
 * @param level what the table gives
 * @param likelihood how likely it goes wrong
 * @param impact how bad that would be
 * @param criticality the greatest of the systems that it touches; null if none has any
 * @param critical the touched paths of that criticality
 */
public record RiskView(
        String level,
        InputView likelihood,
        InputView impact,
        @Nullable String criticality,
        List<String> critical) {
    /**
     * What was put into the table.
     *
     * @param declared what the request says; null if nothing
     * @param counted what counts for it
     */
    record InputView(@Nullable String declared, String counted) {
        static InputView of(@Nullable Grade declared, Grade counted) {
            return new InputView(declared == null ? null : declared.label(), counted.label());
        }
    }

    public static RiskView of(Risk risk) {
        return new RiskView(
                risk.level().label(),
                InputView.of(risk.likelihood(), risk.counted().likelihood()),
                InputView.of(risk.impact(), risk.counted().impact()),
                risk.criticality() == null ? null : risk.criticality().label(),
                risk.critical());
    }
}
