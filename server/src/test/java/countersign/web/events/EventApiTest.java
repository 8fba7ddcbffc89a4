package countersign.web.events;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.change.Shop;
import countersign.change.event.EventLog;
import countersign.gate.stop.StopOrder;
import countersign.gate.vote.Decision;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class EventApiTest {
    private static final String EVENTS = ShopServer.API + "/events";
    private static final String CHANGES = ShopServer.API + "/changes";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @AutoClose
    private final ShopServer server = ShopServer.start();

    private final Shop shop = server.shop;

    @Test
    void a_change_is_told_from_opening_to_merge_once_each() {
        shop.opened("longer", 40);
        shop.approve("longer");
        shop.changes().merge("longer");

        Answer page = page("?after=oldest");

        assertThat(types(page))
                .containsExactly(
                        "change.opened",
                        "change.voted",
                        "change.voted",
                        "change.voted",
                        "change.approved",
                        "change.merged",
                        "main.moved");
        assertThat(page.items("items")).extracting(event -> event.get("change")).containsOnly("longer");
        assertThat(page.items("items"))
                .extracting(event -> event.get("person"))
                .containsExactly("ann", "carol", "dave", "erin", null, null, null);
    }

    @Test
    void orders_to_stop_and_revoked_keys_are_told_with_who_and_why() {
        shop.order("frank", StopOrder.Decision.STOP, "change-control", "Prices are wrong.");
        shop.revoke("carol", "carol", 1L);
        shop.order("frank", StopOrder.Decision.RESUME, "change-control", "They are right.");

        List<Map<String, Object>> events = page("?after=oldest").items("items");

        assertThat(events)
                .extracting(event -> event.get("type"))
                .containsExactly("everything.stopped", "key.revoked", "everything.resumed");
        assertThat(events).extracting(event -> event.get("change")).containsOnlyNulls();
        assertThat(events).extracting(event -> event.get("person")).containsExactly("frank", "carol", "frank");
        assertThat(events)
                .extracting(event -> event.get("detail"))
                .containsExactly(
                        Map.of("role", "change-control", "reason", "Prices are wrong.", "logIndex", 1L),
                        Map.of(
                                "key",
                                Shop.key("carol").publicKey().fingerprint(),
                                "since",
                                1L,
                                "reason",
                                "",
                                "logIndex",
                                2L),
                        Map.of("role", "change-control", "reason", "They are right.", "logIndex", 3L));
        assertThat(types(page("?after=oldest&type=key.revoked"))).containsExactly("key.revoked");
    }

    @Test
    void nobody_waits_for_a_change_that_never_was() {
        shop.opened("longer", 40);
        shop.changes().withdraw("longer", "ann");

        Answer unknown = server.as("ann", Scope.READ).get(EVENTS + "?wait=50&change=longre");

        unknown.refused(404, "unknown-change");
        assertThat(unknown.body()).contains("countersign change list");
        assertThat(types(page("?after=oldest&change=longer"))).contains("change.withdrawn");
        server.as("ann", Scope.READ)
                .get(EVENTS + "?change=longre", "Accept", "text/event-stream")
                .refused(404, "unknown-change");
    }

    @Test
    void a_revision_a_rejection_and_a_withdrawal_are_told() {
        shop.opened("longer", 40);
        shop.vote("longer", "carol", Decision.REJECT, "approver");
        shop.changes().revise("ann", "longer", Shop.opening("ann", "longer", Map.of(Shop.SYSTEM, "x: 1\n")));
        shop.changes().withdraw("longer", "ann");

        assertThat(types(page("?after=oldest")))
                .containsExactly(
                        "change.opened",
                        "change.voted",
                        "change.rejected",
                        "change.revised",
                        "change.review",
                        "change.draft",
                        "change.withdrawn");
    }

    @Test
    void pages_follow_each_other_without_loss_or_double() {
        shop.opened("longer", 40);
        shop.approve("longer");

        Answer first = page("?after=oldest&limit=2");
        Answer second = page("?limit=2&after=" + first.json().get("next"));
        Answer third = page("?limit=2&after=" + second.json().get("next"));

        assertThat(Stream.of(first, second, third).flatMap(page -> types(page).stream()))
                .containsExactly("change.opened", "change.voted", "change.voted", "change.voted", "change.approved");
    }

    @Test
    void who_begins_without_a_cursor_begins_at_the_present() {
        shop.opened("longer", 40);
        Answer now = page("");
        shop.opened("shorter", 20);

        assertThat(now.items("items")).isEmpty();
        assertThat(page("?after=" + now.json().get("next")).items("items"))
                .extracting(event -> event.get("change") + " " + event.get("type"))
                .containsExactly("shorter change.opened", "shorter change.conflicted", "longer change.conflicted");
    }

    @Test
    void who_comes_back_while_the_server_stops_is_sent_away_instead_of_holding_it_up() {
        Object now = page("").json().get("next");
        server.watchers.stop();

        Answer waiting = server.as("ann", Scope.READ).get(EVENTS + "?wait=60&after=" + now);
        Answer changes = server.as("ann", Scope.READ).get(CHANGES + "?wait=60&watch=" + now);

        assertThat(waiting.expect(503).body()).contains("\"busy\"", "the server stops");
        assertThat(changes.expect(503).body()).contains("\"busy\"");
    }

    @Test
    void only_what_was_asked_for_is_told() {
        shop.opened("longer", 40);
        shop.opened("shorter", 20);
        shop.approve("shorter");

        assertThat(types(page("?after=oldest&change=shorter&type=change.opened,change.approved")))
                .containsExactly("change.opened", "change.approved");
        server.as("ann").get(EVENTS + "?type=change.exploded").refused(400, "unknown-event-type");
    }

    @Test
    void changes_are_watched_as_they_stand_each_once() {
        String now = changes("watch=now").json().get("next").toString();
        shop.opened("longer", 40);
        shop.open("ann", "elsewhere", Map.of("README.md", "# More\n"));
        shop.approve("longer");

        Answer moved = changes("watch=" + now);
        Answer approved = changes("state=approved&watch=" + now);

        assertThat(moved.items("items"))
                .extracting(change -> change.get("name") + " " + change.get("state"))
                .containsExactly("elsewhere review", "longer approved");
        assertThat(approved.items("items"))
                .extracting(change -> change.get("name"))
                .containsExactly("longer");
        assertThat(changes("watch=" + moved.json().get("next")).items("items")).isEmpty();
    }

    @Test
    void who_waits_for_changes_is_answered_when_one_moves() {
        String now = changes("watch=now").json().get("next").toString();
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> changes("wait=60&watch=" + now));
        Awaitility.await("waiting").atMost(PATIENCE).until(() -> server.watchers.size() == 1);

        shop.opened("longer", 40);

        assertThat(waiting.orTimeout(60, TimeUnit.SECONDS).join().items("items"))
                .extracting(change -> change.get("name"))
                .containsExactly("longer");
    }

    @Test
    void watched_changes_have_an_order_of_their_own() {
        server.as("ann").get(CHANGES + "?watch=now&sort=priority").refused(400, "contradicting-parameters");
        server.as("ann").get(CHANGES + "?watch=now&cursor=3").refused(400, "contradicting-parameters");
        server.as("ann").get(CHANGES + "?watch=now&wait=61").refused(400, "wait-out-of-range");
        server.as("ann").get(CHANGES + "?watch=x").refused(400, "malformed-cursor");
        server.as("ann").get(CHANGES + "?watch=zzz-1").refused(410, "cursor-gone");
    }

    private Answer changes(String query) {
        return server.as("ann").get(CHANGES + "?" + query).expect(200);
    }

    @Test
    void who_waits_is_answered_when_it_happens() {
        String now = page("").json().get("next").toString();
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> page("?type=change.merged&wait=60&after=" + now));
        Awaitility.await("waiting").atMost(PATIENCE).until(() -> server.watchers.size() == 1);

        shop.merged("longer", 40);

        assertThat(types(waiting.orTimeout(60, TimeUnit.SECONDS).join())).containsExactly("change.merged");
        Awaitility.await("forgotten").atMost(PATIENCE).until(() -> server.watchers.size() == 0);
    }

    @Test
    void who_waits_in_vain_is_told_so_and_can_go_on_from_there() {
        String now = page("").json().get("next").toString();
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> page("?wait=60&after=" + now));
        Awaitility.await("waiting").atMost(PATIENCE).until(() -> server.watchers.size() == 1);

        IntStream.range(0, 60).forEach(second -> server.watchers.tick());

        Answer answer = waiting.orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(answer.items("items")).isEmpty();
        assertThat(answer.json()).containsEntry("next", now);
    }

    @Test
    void waiting_and_limits_have_bounds() {
        server.as("ann").get(EVENTS + "?wait=61").refused(400, "wait-out-of-range");
        server.as("ann").get(EVENTS + "?limit=501").refused(400, "limit-out-of-range");
        server.as("ann").get(EVENTS + "?after=x").refused(400, "malformed-cursor");
        server.as("ann").get(EVENTS + "?after=zzz-1").refused(410, "cursor-gone");
    }

    @Test
    void a_stream_tells_what_happens_while_it_is_open() throws IOException {
        try (Watch watch = watch("ann", "")) {
            watch.await("id: ");

            shop.merged("longer", 40);

            assertThat(watch.types(7))
                    .containsExactly(
                            "change.opened",
                            "change.voted",
                            "change.voted",
                            "change.voted",
                            "change.approved",
                            "change.merged",
                            "main.moved");
        }
    }

    @Test
    void a_stream_that_broke_goes_on_behind_the_last_id() throws IOException {
        String third;
        try (Watch watch = watch("ann", "")) {
            watch.await("id: ");
            shop.opened("longer", 40);
            shop.approve("longer");
            watch.types(2);
            watch.await("id: ");
            third = watch.last.substring("id: ".length());
        }
        shop.changes().merge("longer");

        try (Watch again = watch("ann", "Last-Event-ID: " + third + "\r\n")) {
            assertThat(again.types(4))
                    .containsExactly("change.voted", "change.approved", "change.merged", "main.moved");
        }
    }

    @Test
    void a_silent_stream_is_told_every_fifteen_seconds_that_it_lives() throws IOException {
        try (Watch watch = watch("ann", "")) {
            watch.await("id: ");

            IntStream.range(0, 15).forEach(second -> server.watchers.tick());

            watch.await(": watching");
        }
    }

    @Test
    void a_stream_ends_when_its_token_is_revoked() throws IOException {
        ShopServer.Client ann = server.as("ann", Scope.READ);
        try (Watch watch = new Watch(ann.secret(), "")) {
            watch.await("id: ");
            String id = server.tokens.list("ann").get(0).id();
            server.tokens.revoke(id);

            shop.opened("longer", 40);

            assertThat(watch.rest()).doesNotContain("change.opened");
            Awaitility.await("forgotten").atMost(PATIENCE).until(() -> {
                server.watchers.tick();
                return server.watchers.size() == 0;
            });
        }
    }

    @Test
    void who_reads_nothing_is_dropped_once_memory_has_gone_on() throws IOException {
        try (Watch watch = watch("ann", "")) {
            watch.await("id: ");
            Awaitility.await("watching").atMost(PATIENCE).until(() -> server.watchers.size() == 1);
            String title = "x".repeat(4_000);

            for (int i = 0; i < 2 * EventLog.REMEMBERED; i++) {
                shop.events.append(List.of(new countersign.change.event.Happening(
                        countersign.change.event.EventType.CHANGE_DRAFT,
                        shop.now.get(),
                        "longer",
                        null,
                        Map.of("title", title))));
            }
            server.events.publish();

            Awaitility.await("dropped").atMost(PATIENCE).until(() -> {
                server.watchers.tick();
                return server.watchers.size() == 0;
            });
        }
    }

    @Test
    void a_server_that_stops_ends_its_streams() throws IOException {
        try (Watch watch = watch("ann", "")) {
            watch.await("id: ");

            server.watchers.stop();

            assertThat(watch.rest()).doesNotContain("event:");
        }
    }

    @Test
    void a_restart_tells_nothing_again_and_nobody_of_a_database_made_anew() {
        shop.merged("longer", 40);
        List<String> before = types(page("?after=oldest"));

        shop.restart(false, countersign.log.Faults.NONE);
        server.events.publish();

        assertThat(types(page("?after=oldest"))).isEqualTo(before);
    }

    private Answer page(String query) {
        return server.as("ann", Scope.READ).get(EVENTS + query).expect(200);
    }

    private static List<String> types(Answer page) {
        return page.items("items").stream()
                .map(event -> event.get("type").toString())
                .toList();
    }

    private Watch watch(String person, String header) throws IOException {
        return new Watch(server.as(person, Scope.READ).secret(), header);
    }

    /** A client of the stream on a socket of its own. */
    private final class Watch implements AutoCloseable {
        private final Socket socket = new Socket();
        private final BufferedReader lines;
        private String last = "";

        Watch(String secret, String header) throws IOException {
            java.net.URI url = java.net.URI.create(server.url());
            socket.setReceiveBufferSize(4_096);
            socket.connect(new java.net.InetSocketAddress(url.getHost(), url.getPort()));
            socket.setSoTimeout((int) PATIENCE.toMillis());
            String request = "GET " + EVENTS + " HTTP/1.1\r\nHost: shop\r\nAccept: text/event-stream\r\n"
                    + "Authorization: Bearer " + secret + "\r\n" + header + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
        }

        void await(String start) throws IOException {
            do {
                last = lines.readLine();
                assertThat(last).as("end of the stream").isNotNull();
            } while (!last.startsWith(start));
        }

        List<String> types(int count) throws IOException {
            List<String> types = new java.util.ArrayList<>();
            while (types.size() < count) {
                await("event: ");
                types.add(last.substring("event: ".length()));
            }
            return types;
        }

        String rest() {
            return lines.lines().collect(Collectors.joining("\n"));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
