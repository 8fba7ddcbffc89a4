package countersign.policy;

import static countersign.policy.Given.created;
import static countersign.policy.Given.match;
import static countersign.policy.Given.system;
import static countersign.policy.Given.updated;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.document.Document;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.DocumentChange.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PolicyMatchTest {
    private static final PolicyMatch ALL = match("{}");

    @Test
    void an_empty_match_matches_documents_and_plain_content() {
        DocumentChange readme = new DocumentChange("README.md", Operation.UPDATE, null, null);

        assertThat(ALL.matches(readme)).isTrue();
        assertThat(ALL.matches(created(system("n: 1")))).isTrue();
    }

    @Test
    void every_part_must_match() {
        DocumentChange touched = created(system("n: 1"));

        assertThat(match("kinds: [SystemConfig]").matches(touched)).isTrue();
        assertThat(match("kinds: [Person]").matches(touched)).isFalse();
        assertThat(match("kinds: [Person]").matches(new DocumentChange("x", Operation.CREATE, null, null)))
                .isFalse();
        assertThat(match("{environments: [production], paths: ['systems/**'], operations: [create]}")
                        .matches(touched))
                .isTrue();
        assertThat(match("environments: [staging]").matches(touched)).isFalse();
        assertThat(match("paths: ['keys/**']").matches(touched)).isFalse();
        assertThat(match("operations: [delete]").matches(touched)).isFalse();
    }

    @Test
    void a_system_moved_out_of_production_still_counts_as_production() {
        Document before = system("n: 1");
        Document after = Given.document(before.path(), """
                kind: SystemConfig
                metadata: {name: shop-production}
                spec: {environment: staging, n: 1}
                """);
        PolicyMatch production = match("environments: [production]");

        assertThat(production.matches(updated(before, after))).isTrue();
    }

    @Test
    void only_differences_under_the_pointers_match() {
        PolicyMatch tls = match("changed: [/spec/tls/**]");

        assertThat(tls.matches(updated(system("tls: {v: 1}"), system("tls: {v: 2}"))))
                .isTrue();
        assertThat(tls.matches(updated(system("n: 1", "tls: {v: 1}"), system("n: 2", "tls: {v: 1}"))))
                .isFalse();
        assertThat(tls.matches(updated(system("n: 1"), system("n: 1", "tls: {v: 1}"))))
                .isTrue();
        assertThat(tls.matches(updated(system("tls: {v: 1}"), system("n: 1")))).isTrue();
        assertThat(tls.matches(created(system("tls: {v: 1}")))).isTrue();
    }

    @Test
    void a_pattern_of_everything_below_a_value_also_means_the_value() {
        PolicyMatch tls = match("changed: [/spec/tls/**]");

        assertThat(tls.matches(updated(system("tls: off"), system("tls: on")))).isTrue();
        assertThat(tls.matches(updated(system("tlsx: off"), system("tlsx: on"))))
                .isFalse();
    }

    @Test
    void differences_go_down_to_the_leaves_and_into_lists() {
        List<String> pointers = updated(system("a: {x: 1, y~/: 2}", "l: [1, 2]"), system("a: {x: 2}", "l: [1, 3]"))
                .changedPointers();

        assertThat(pointers).containsExactly("/spec/a/x", "/spec/a/y~0~1", "/spec/l", "/spec/l/1");
    }

    @Test
    void names_labels_and_classifications_are_those_of_either_side() {
        Document secret = Given.document("systems/shop/shop-edge.yaml", """
                kind: SystemConfig
                metadata: {name: shop-edge, labels: {team: payments, tier: web}}
                spec: {classification: secret}
                """);
        Document open = Given.document("systems/shop/shop-edge.yaml", """
                kind: SystemConfig
                metadata: {name: shop-edge}
                spec: {classification: public}
                """);

        assertThat(match("names: ['*-edge']").matches(created(secret))).isTrue();
        assertThat(match("names: ['edge-*']").matches(created(secret))).isFalse();
        assertThat(match("labels: {team: payments}").matches(updated(secret, open)))
                .isTrue();
        assertThat(match("labels: {team: payments, tier: data}").matches(created(secret)))
                .isFalse();
        assertThat(match("classifications: [secret]").matches(updated(secret, open)))
                .isTrue();
        assertThat(match("classifications: [secret]").matches(created(open))).isFalse();
        assertThat(match("names: ['*']").matches(new DocumentChange("README.md", Operation.UPDATE, null, null)))
                .isFalse();
    }
}
