package countersign.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.web.ShopServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class WaiverApiTest {
    private static final String POLICY = """
            apiVersion: countersign.dev/v1
            kind: Policy
            metadata: {name: patient}
            spec:
              description: Nobody waits for long.
              match: {kinds: [SystemConfig]}
              rules:
                - {id: patient, expression: 'object.spec.files[0].data.timeout <= 20', message: too long}
              enforcement: {default: deny}
            """;

    private static final String TEST = """
            apiVersion: countersign.dev/v1
            kind: PolicyTest
            metadata: {name: patient}
            spec:
              policy: patient
              base:
                now: "2026-11-23T10:00:00Z"
                object: {kind: SystemConfig, metadata: {name: shop}, spec: {files: [{data: {timeout: 20}}]}}
              cases:
                - {name: short, expect: {decision: allow}}
                - {name: long, set: {/object/spec/files/0/data/timeout: 21}, expect: {decision: deny}}
            """;

    @AutoClose
    private final ShopServer server = ShopServer.start();

    @Test
    void waivers_say_when_they_end_and_whether_they_excuse_anything() {
        server.shop.open(
                "ann",
                "waive",
                Map.of(
                        "policies/patient.yaml", POLICY,
                        "policies/patient.test.yaml", TEST,
                        "policies/slow-test.yaml", waiver("slow-test", "checkout-test", "2026-11-30T00:00:00Z"),
                        "policies/slow-none.yaml", waiver("slow-none", "nothing", "2026-12-31T00:00:00Z"),
                        "policies/slow-past.yaml", waiver("slow-past", "checkout-test", "2026-11-20T00:00:00Z")));
        server.shop.approve("waive");
        server.shop.changes().merge("waive");

        List<Map<String, Object>> items =
                server.as("ann").get(ShopServer.API + "/waivers").expect(200).items("items");

        assertThat(items).extracting(item -> item.get("name")).containsExactly("slow-past", "slow-test", "slow-none");
        assertThat(items).extracting(item -> item.get("standing")).containsExactly("expired", "expiring", "active");
        assertThat(items).extracting(item -> item.get("excuses")).containsExactly(null, 1L, 0L);
        assertThat(items).extracting(item -> item.get("unused")).containsExactly(false, false, true);
    }

    @Test
    void a_waiver_from_a_policy_that_asks_about_the_change_is_not_called_unused() {
        String asking = POLICY.replace("timeout <= 20'", "timeout <= 20 || change.operation == \"rollback\"'");
        assertThat(asking).isNotEqualTo(POLICY);
        server.shop.open(
                "ann",
                "waive",
                Map.of(
                        "policies/patient.yaml", asking,
                        "policies/patient.test.yaml", TEST.replace("base:", "base:\n    change: {operation: apply}"),
                        "policies/slow-none.yaml", waiver("slow-none", "nothing", "2026-12-31T00:00:00Z")));
        server.shop.approve("waive");
        server.shop.changes().merge("waive");

        List<Map<String, Object>> items =
                server.as("ann").get(ShopServer.API + "/waivers").expect(200).items("items");

        assertThat(items).extracting(item -> item.get("excuses")).containsExactly((Object) null);
        assertThat(items).extracting(item -> item.get("unused")).containsExactly(false);
    }

    private static String waiver(String name, String document, String expires) {
        return """
                apiVersion: countersign.dev/v1
                kind: Waiver
                metadata: {name: %s}
                spec:
                  policy: patient
                  match: {names: [%s]}
                  reason: The network is being rebuilt.
                  requestedBy: ann
                  notBefore: "2026-11-01T00:00:00Z"
                  expires: "%s"
                """.formatted(name, document, expires);
    }
}
