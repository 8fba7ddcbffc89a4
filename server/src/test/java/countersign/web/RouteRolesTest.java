package countersign.web;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Authorisation;
import countersign.account.Scope;
import countersign.web.http.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every route, and who gets past its door: over real HTTP, with a token of each scope and without one. */
final class RouteRolesTest {
    private static final List<String> COLUMNS =
            List.of("anonymous", "read", "push", "vote", "merge", "admin", "audit", "stranger");

    /** One letter a column: y is let in, 1 is not authenticated, 3 is not allowed. */
    private static final Map<String, String> TABLE = new TreeMap<>(Map.ofEntries(
            Map.entry("GET /healthz", "yyyyyyyy"),
            Map.entry("GET /readyz", "yyyyyyyy"),
            Map.entry("GET /openapi.yaml", "yyyyyyyy"),
            Map.entry("GET /schemas/v1", "yyyyyyyy"),
            Map.entry("GET /schemas/v1/{file}", "yyyyyyyy"),
            Map.entry("GET /metrics", "1yyyyyy3"),
            Map.entry("GET /git/{repository}/info/refs", "1yyyyyy3"),
            Map.entry("POST /git/{repository}/git-upload-pack", "1yyyyyy3"),
            Map.entry("POST /git/{repository}/git-receive-pack", "13y33333"),
            Map.entry("GET /api/v1/changes", "1yyyyyy3"),
            Map.entry("POST /api/v1/changes", "13y33333"),
            Map.entry("GET /api/v1/changes/{name}", "1yyyyyy3"),
            Map.entry("POST /api/v1/changes/{name}/revisions", "13y33333"),
            Map.entry("POST /api/v1/changes/{name}/merge", "1333y333"),
            Map.entry("POST /api/v1/changes/{name}/withdraw", "13y33333"),
            Map.entry("POST /api/v1/recoveries", "13y33333"),
            Map.entry("POST /api/v1/changes/{name}/rollback", "1333y333"),
            Map.entry("GET /api/v1/changes/{name}/manifest", "1yyyyyy3"),
            Map.entry("GET /api/v1/changes/{name}/plan", "1yyyyyy3"),
            Map.entry("GET /api/v1/changes/{name}/risk", "1yyyyyy3"),
            Map.entry("GET /api/v1/changes/{name}/diff", "1yyyyyy3"),
            Map.entry("GET /api/v1/changes/{name}/findings", "1yyyyyy3"),
            Map.entry("GET /api/v1/changes/{name}/impact", "1yyyyyy3"),
            Map.entry("GET /api/v1/changes/{name}/gate", "1yyyyyy3"),
            Map.entry("POST /api/v1/changes/{name}/statements", "133y3333"),
            Map.entry("GET /api/v1/changes/{name}/votes", "1yyyyyy3"),
            Map.entry("POST /api/v1/changes/{name}/votes", "133y3333"),
            Map.entry("GET /api/v1/repository", "1yyyyyy3"),
            Map.entry("GET /api/v1/documents/<path>", "1yyyyyy3"),
            Map.entry("GET /api/v1/allowed-signers", "1yyyyyy3"),
            Map.entry("GET /api/v1/targets", "1yyyyyy3"),
            Map.entry("GET /api/v1/calendars", "1yyyyyy3"),
            Map.entry("GET /api/v1/calendar.ics", "1yyyyyy3"),
            Map.entry("GET /api/v1/log/checkpoint", "1yyyyyy3"),
            Map.entry("GET /api/v1/log/tile/<path>", "1yyyyyy3"),
            Map.entry("GET /api/v1/log/proof/{index}", "1yyyyyy3"),
            Map.entry("GET /api/v1/log/entries", "1yyyyyy3"),
            Map.entry("GET /api/v1/history", "1yyyyyy3"),
            Map.entry("GET /api/v1/blame/<path>", "1yyyyyy3"),
            Map.entry("GET /api/v1/state", "1yyyyyy3"),
            Map.entry("GET /api/v1/waivers", "1yyyyyy3"),
            Map.entry("GET /api/v1/approvers", "1yyyyyy3"),
            Map.entry("GET /api/v1/emergencies", "1yyyyyy3"),
            Map.entry("GET /api/v1/events", "1yyyyyy3"),
            Map.entry("GET /api/v1/changes/{name}/comments", "1yyyyyy3"),
            Map.entry("POST /api/v1/changes/{name}/comments", "13yyy333"),
            Map.entry("PATCH /api/v1/changes/{name}/comments/{id}", "13yyy333"),
            Map.entry("GET /api/v1/changes/{name}/comments/{id}/versions", "1yyyyyy3"),
            Map.entry("POST /api/v1/changes/{name}/comments/{id}/resolve", "13yyy333"),
            Map.entry("POST /api/v1/changes/{name}/comments/{id}/reopen", "13yyy333"),
            Map.entry("GET /api/v1/changes/{name}/conflicts", "1yyyyyy3"),
            Map.entry("GET /api/v1/changes/{name}/schedule", "1yyyyyy3"),
            Map.entry("GET /api/v1/stop", "1yyyyyy3"),
            Map.entry("POST /api/v1/stop", "133y3333"),
            Map.entry("POST /api/v1/stop/statements", "133y3333"),
            Map.entry("GET /api/v1/activity", "133333y3"),
            Map.entry("GET /api/v1/activity/segments", "133333y3"),
            Map.entry("GET /api/v1/activity/segments/{segment}/<path>", "133333y3"),
            Map.entry("GET /api/v1/webhooks", "13333y33"),
            Map.entry("POST /api/v1/webhooks", "13333y33"),
            Map.entry("GET /api/v1/webhooks/{id}", "13333y33"),
            Map.entry("PATCH /api/v1/webhooks/{id}", "13333y33"),
            Map.entry("DELETE /api/v1/webhooks/{id}", "13333y33"),
            Map.entry("POST /api/v1/webhooks/{id}/ping", "13333y33"),
            Map.entry("GET /api/v1/webhooks/{id}/deliveries", "13333y33"),
            Map.entry("GET /api/v1/revocations", "1yyyyyy3"),
            Map.entry("POST /api/v1/revocations", "133y3333"),
            Map.entry("POST /api/v1/revocations/statements", "133y3333"),
            Map.entry("POST /api/v1/backups", "13333y33"),
            Map.entry("GET /api/v1/backups/{name}", "13333y33"),
            Map.entry("GET /api/v1/tokens", "1yyyyyy3"),
            Map.entry("POST /api/v1/tokens", "1yyyyyy3"),
            Map.entry("POST /api/v1/sessions", "yyyyyyyy"),
            Map.entry("PUT /api/v1/people/{person}/password", "1yyyyyy3"),
            Map.entry("DELETE /api/v1/people/{person}/password", "13333y33"),
            Map.entry("DELETE /api/v1/tokens/{id}", "1yyyyyy3")));

    @Test
    void every_route_lets_in_whom_the_table_says() {
        try (ShopServer server = ShopServer.start()) {
            assertThat(seen(server)).isEqualTo(TABLE);
        }
    }

    @Test
    void where_anybody_may_read_nothing_else_opens() {
        Map<String, String> open = new TreeMap<>(TABLE);
        open.replaceAll(
                (route, row) -> row.equals("1yyyyyy3") && !route.contains("/tokens") && !route.contains("/password")
                        ? "yyyyyyyy"
                        : row);

        try (ShopServer server = ShopServer.start(Authorisation.Reading.ANYBODY)) {
            assertThat(seen(server)).isEqualTo(open);
        }
    }

    @Test
    void the_advertisement_for_a_push_is_shown_only_to_who_may_push() {
        try (ShopServer server = ShopServer.start(Authorisation.Reading.ANYBODY)) {
            String path = "/git/shop.git/info/refs?service=git-receive-pack";

            assertThat(server.anonymous().get(path).status()).isEqualTo(401);
            assertThat(server.as("ann", Scope.READ).get(path).status()).isEqualTo(403);
            assertThat(server.as("ann", Scope.PUSH).get(path).status()).isEqualTo(200);
        }
    }

    private static Map<String, String> seen(ShopServer server) {
        Map<String, ShopServer.Client> clients = new LinkedHashMap<>();
        clients.put("anonymous", server.anonymous());
        for (Scope scope : Scope.values()) {
            clients.put(scope.label(), server.as("ann", scope));
        }
        clients.put("stranger", server.as("mallory", Scope.values()));
        assertThat(clients.keySet()).containsExactlyElementsOf(COLUMNS);
        Map<String, String> rows = new TreeMap<>();
        for (Route route : server.routes) {
            StringBuilder row = new StringBuilder();
            clients.values().forEach(client -> row.append(letter(client, route)));
            rows.put(route.method().name() + " " + route.path(), row.toString());
        }
        return rows;
    }

    private static char letter(ShopServer.Client client, Route route) {
        String path = route.path()
                .replace("{repository}", "shop.git")
                .replace("{name}", "no-such")
                .replace("{person}", "bob")
                .replace("{index}", "0")
                .replace("{file}", "no-such")
                .replace("{segment}", "2026-11-1")
                .replace("{id}", "0000000000000000")
                .replace("<path>", "no-such");
        ShopServer.Answer answer = client.send(route.method().name(), path, "");
        return switch (answer.status()) {
            case 401 -> '1';
            case 403 -> '3';
            default -> 'y';
        };
    }
}
