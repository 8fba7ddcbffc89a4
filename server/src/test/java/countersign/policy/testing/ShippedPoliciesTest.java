package countersign.policy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Fields;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs the tests beside the policies that are shipped. */
final class ShippedPoliciesTest {
    private static final PolicyFiles SHIPPED = Shipped.read();
    private static final PolicyTestReport REPORT =
            new PolicyTestRunner(new PolicyEngine()).run(SHIPPED.policies(), SHIPPED.tests());

    @TestFactory
    Stream<DynamicTest> every_shipped_policy_passes_its_own_tests() {
        return REPORT.results().stream()
                .map(result -> DynamicTest.dynamicTest(
                        result.policy() + ": " + result.name(),
                        () -> assertThat(result.passed())
                                .as(String.join("\n", result.lines()))
                                .isTrue()));
    }

    @Test
    void the_tests_see_every_condition_of_every_expression_both_ways() {
        List<String> gaps = REPORT.coverage().stream()
                .flatMap(coverage -> coverage.lines().stream())
                .toList();

        assertThat(REPORT.coverage()).hasSameSizeAs(SHIPPED.policies());
        assertThat(gaps).isEmpty();
    }

    @Test
    void the_library_holds_at_least_thirty_policies_in_folders() {
        assertThat(SHIPPED.policies()).hasSizeGreaterThanOrEqualTo(30);
        assertThat(SHIPPED.policies()).extracting(Policy::name).doesNotHaveDuplicates();
        assertThat(SHIPPED.policies())
                .allSatisfy(policy ->
                        assertThat(policy.document().path()).matches("policies/[a-z]+/" + policy.name() + "\\.yaml"));
    }

    @Test
    void every_shipped_policy_says_why_and_where_it_comes_from() {
        assertThat(SHIPPED.policies()).allSatisfy(policy -> {
            Fields spec = policy.document().spec();
            assertThat(spec.text("why")).doesNotContain("\n");
            assertThat(spec.textList("sources")).isNotEmpty();
        });
    }
}
