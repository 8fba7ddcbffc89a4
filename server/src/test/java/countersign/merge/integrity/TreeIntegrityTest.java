package countersign.merge.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.access.TrustReader;
import countersign.codec.Finding;
import countersign.document.reader.Documents;
import countersign.manifest.ChangeId;
import countersign.manifest.Effect;
import countersign.policy.PolicyEngine;
import countersign.repository.Differences;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import countersign.repository.object.InMemoryRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sample repository, with one thing in it made wrong in plain sight. */
class TreeIntegrityTest {
    private static final Path ROOT = Path.of("sample-repo");

    private final InMemoryRepository repository = new InMemoryRepository();
    private final DocumentReader documents = new DocumentReader(new Documents(), 1000);
    private final TreeIntegrity integrity =
            new TreeIntegrity(documents, new TrustReader(documents), new PolicyEngine());
    private final Map<String, String> before = sample();
    private final Map<String, String> after = new HashMap<>(before);

    @Test
    void the_sample_has_no_finding() {
        assertThat(integrity.checkReferences(tree(before))).isEmpty();
    }

    @Test
    void a_name_that_leads_nowhere_is_refused_where_it_stands() {
        edit("systems/checkout/checkout-test.yaml", "targets: [web-test]", "targets: [web-tset]");

        assertThat(check()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("dangling-reference");
            assertThat(finding.place().toString()).isEqualTo("systems/checkout/checkout-test.yaml:16:13");
            assertThat(finding.place().pointer()).isEqualTo("/spec/targets/0");
        });
    }

    @Test
    void what_is_still_named_cannot_be_removed_and_both_sides_are_told() {
        after.remove("keys/payment-signing-test.yaml");

        assertThat(check()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("dangling-reference");
            assertThat(finding.place().path()).isEqualTo("systems/payment-gateway/payment-gateway-test.yaml");
            assertThat(finding.place().pointer()).isEqualTo("/spec/keys/0");
            assertThat(finding.message())
                    .contains("KeyInventory payment-signing-test")
                    .contains("keys/payment-signing-test.yaml");
        });
    }

    @Test
    void what_is_removed_together_with_its_name_is_gone_for_good() {
        after.remove("keys/payment-signing-test.yaml");
        edit("systems/payment-gateway/payment-gateway-test.yaml", "  keys: [payment-signing-test]\n", "");

        assertThat(check()).isEmpty();
    }

    @Test
    void a_cycle_is_refused_once_with_every_step() {
        edit("systems/order-database/order-database-test.yaml", "  files:", "  dependsOn: [checkout-test]\n  files:");

        List<Finding> findings = check();

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("dependency-cycle");
            assertThat(finding.message())
                    .contains("checkout-test → order-database-test (systems/checkout/checkout-test.yaml:")
                    .contains("→ checkout-test (systems/order-database/order-database-test.yaml:");
        });
    }

    @Test
    void a_package_for_another_version_is_refused() {
        edit(
                "systems/storefront/storefront-test.yaml",
                "  packages: [storefront-2-4-0]",
                "  product: storefront\n  version: \"2.1.0\"\n  packages: [storefront-2-4-0]");

        assertThat(check())
                .extracting(Finding::rule)
                .containsExactly("package-not-applicable", "stepping-stone-missed");
    }

    @Test
    void a_package_comes_with_what_it_needs_without_what_it_replaces_and_never_backwards() {
        String path = "packages/storefront-2-4-0.yaml";
        edit(path, "spec:\n", "spec:\n  requires: [storefront-2-3-0]\n  supersedes: [storefront-2-2-0]\n");
        for (String other : List.of("2-3-0", "2-2-0")) {
            after.put(
                    "packages/storefront-" + other + ".yaml",
                    before.get(path).replace("name: storefront-2-4-0", "name: storefront-" + other));
        }
        edit(
                "systems/storefront/storefront-test.yaml",
                "  packages: [storefront-2-4-0]",
                "  product: storefront\n  version: \"2.9.0\"\n  packages: [storefront-2-4-0, storefront-2-2-0]");

        assertThat(check())
                .extracting(Finding::rule)
                .contains("required-package-missing", "superseded-package", "package-downgrade");
    }

    @Test
    void a_rollout_that_nobody_would_carry_out_is_refused_by_the_names_of_its_parts() {
        after.put("changes/2026-11-21/try.yaml", request("{strategy: phased, waves: [[web-test]], soak: PT1H}"));

        assertThat(check())
                .extracting(finding -> finding.rule() + " " + finding.place().pointer())
                .containsExactly(
                        "rollout-not-supported /spec/rollout/strategy",
                        "rollout-not-supported /spec/rollout/waves",
                        "rollout-not-supported /spec/rollout/soak");
        after.put("changes/2026-11-21/try.yaml", request("{strategy: direct}"));
        assertThat(check()).isEmpty();
    }

    private static String request(String rollout) {
        return """
                apiVersion: countersign.dev/v1
                kind: ChangeRequest
                metadata: {name: try}
                spec:
                  title: Try
                  type: normal
                  requester: ann
                  contact: ann@example.org
                  reason: To see.
                  maintenanceType: perfective
                  plan: {scope: the shop, steps: [Change it.], risk: Small.}
                  test: {plan: Done in test first.}
                  backout: {plan: Restore the former release.}
                  securityImpact: None.
                  rollout: %s
                """.formatted(rollout);
    }

    private List<Finding> check() {
        Snapshot old = tree(before);
        Snapshot now = tree(after);
        Effect.Proposal proposal = new Effect.Proposal(old, now, ChangeId.parse("2026-11-21/try"), List.of());
        return integrity.check(proposal, Differences.between(old, now, 100));
    }

    private void edit(String path, String good, String bad) {
        String text = before.get(path);
        assertThat(text).contains(good);
        after.put(path, text.replace(good, bad));
    }

    private Snapshot tree(Map<String, String> files) {
        Map<String, Edit> edits = new HashMap<>();
        files.forEach((path, text) -> edits.put(
                path, new Edit.Write(FileMode.REGULAR, text.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        return repository.snapshotOfTree(repository.edit(null, edits));
    }

    private static Map<String, String> sample() {
        Map<String, String> files = new HashMap<>();
        try (Stream<Path> found = Files.walk(ROOT)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(ROOT.relativize(file).toString(), Files.readString(file));
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return files;
    }
}
