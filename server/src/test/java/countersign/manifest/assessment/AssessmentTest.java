package countersign.manifest.assessment;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.access.PathFacets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssessmentTest {
    private static final Instant OPENED = Instant.parse("2026-03-27T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "LOW, LOW, LOW",
        "LOW, MEDIUM, LOW",
        "MEDIUM, MEDIUM, MEDIUM",
        "LOW, HIGH, MEDIUM",
        "HIGH, MEDIUM, HIGH",
        "MEDIUM, HIGH, HIGH",
        "HIGH, HIGH, CRITICAL"
    })
    void risk_is_likelihood_by_impact(Grade likelihood, Grade impact, RiskLevel level) {
        Risk risk = Assessment.USUAL.risk(new Declared(likelihood, impact, null, null), List.of());

        assertThat(risk.level()).isEqualTo(level);
    }

    @Test
    void what_is_not_declared_counts_as_high() {
        Risk risk = Assessment.USUAL.risk(Declared.NOTHING, List.of());

        assertThat(risk.level()).isEqualTo(RiskLevel.CRITICAL);
        assertThat(risk.likelihood()).isNull();
        assertThat(risk.counted()).isEqualTo(new Risk.Counted(Grade.HIGH, Grade.HIGH));
    }

    @Test
    void nobody_declares_the_impact_lower_than_the_systems_are_critical() {
        Risk risk = Assessment.USUAL.risk(
                new Declared(Grade.MEDIUM, Grade.LOW, null, null),
                List.of(path("systems/shop/shop.yaml", "low"), path("systems/bank/bank.yaml", "critical")));

        assertThat(risk.counted().impact()).isEqualTo(Grade.HIGH);
        assertThat(risk.level()).isEqualTo(RiskLevel.HIGH);
        assertThat(risk.criticality()).isEqualTo(RiskLevel.CRITICAL);
        assertThat(risk.critical()).containsExactly("systems/bank/bank.yaml");
    }

    @Test
    void an_emergency_is_first_and_what_is_not_declared_is_medium() {
        assertThat(Assessment.USUAL.priority(Declared.NOTHING, true)).isEqualTo(1);
        assertThat(Assessment.USUAL.priority(Declared.NOTHING, false)).isEqualTo(3);
        assertThat(Assessment.USUAL.priority(new Declared(null, null, Grade.HIGH, Grade.MEDIUM), false))
                .isEqualTo(2);
    }

    @Test
    void hours_of_a_deadline_are_exact_and_days_are_those_of_the_zone() {
        Assessment amsterdam = new Assessment(
                Assessment.USUAL.risks(),
                Assessment.USUAL.priorities(),
                List.of("PT4H", "PT72H", "P3D", "P3DT2H", "P14D"),
                ZoneId.of("Europe/Amsterdam"));

        assertThat(amsterdam.decideBy(1, OPENED)).isEqualTo(Instant.parse("2026-03-27T16:00:00Z"));
        assertThat(amsterdam.decideBy(2, OPENED)).isEqualTo(Instant.parse("2026-03-30T12:00:00Z"));
        assertThat(amsterdam.decideBy(3, OPENED))
                .as("clocks go forward on the 29th")
                .isEqualTo(Instant.parse("2026-03-30T11:00:00Z"));
        assertThat(amsterdam.decideBy(4, OPENED)).isEqualTo(Instant.parse("2026-03-30T13:00:00Z"));
    }

    private static PathFacets path(String path, String criticality) {
        return new PathFacets(path, Set.of("SystemConfig"), Set.of(), Set.of(), Set.of(criticality));
    }
}
