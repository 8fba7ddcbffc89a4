package countersign.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.change.Shop;
import countersign.gate.vote.Statement;
import countersign.web.ShopServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class StopApiTest {
    private static final String STOP = ShopServer.API + "/stop";

    @AutoClose
    private final ShopServer server = ShopServer.start();

    private final ShopServer.Client frank = server.as("frank", Scope.READ, Scope.VOTE);

    @Test
    void everything_is_stopped_over_http_and_goes_on_again() {
        assertThat(frank.get(STOP).expect(200).json()).containsEntry("stopped", false);

        order("stop");

        assertThat(frank.get(STOP).expect(200).json()).containsEntry("stopped", true);
        assertThat(frank.get(ShopServer.API + "/repository").expect(200).json().get("stopped"))
                .asString()
                .contains("by frank (change-control");
        order("resume");
        assertThat(frank.get(STOP).expect(200).json()).containsEntry("stopped", false);
    }

    @Test
    void the_gate_is_shut_and_says_why_while_everything_is_stopped_though_all_have_signed() {
        server.shop.opened("raise-timeout", 60);
        server.vote("raise-timeout", "carol", "approver");
        server.vote("raise-timeout", "dave", "approver");
        server.vote("raise-timeout", "erin", "security");
        assertThat(gate()).containsEntry("open", true).containsEntry("reasons", List.of());

        order("stop");

        assertThat(gate()).containsEntry("open", false);
        assertThat(gate().get("reasons")).asString().contains("rule=stopped", "by frank (change-control");
        order("resume");
        assertThat(gate()).containsEntry("open", true).containsEntry("reasons", List.of());
    }

    private Map<String, Object> gate() {
        return frank.get(ShopServer.API + "/changes/raise-timeout/gate")
                .expect(200)
                .json();
    }

    private void order(String decision) {
        String text = frank.post(
                        STOP + "/statements",
                        Map.of("decision", decision, "role", "change-control", "reason", "To see."))
                .expect(201)
                .body();
        String signature = Shop.key("frank").sign(Statement.NAMESPACE, text.getBytes(StandardCharsets.UTF_8));
        assertThat(frank.post(STOP, Map.of("statement", text, "signature", signature))
                        .expect(201)
                        .json())
                .containsEntry("decision", decision);
    }
}
