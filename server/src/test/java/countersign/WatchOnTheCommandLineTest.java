package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import countersign.log.Faults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WatchOnTheCommandLineTest {
    @Test
    void what_happens_is_shown_for_people_and_for_programs() {
        try (ServedShop shop = ServedShop.start()) {
            shop.push("raise-cache", 61);
            Terminal carol = shop.terminal("carol")
                    .with("COUNTERSIGN_KEY", shop.key("carol").toString());
            carol.run("change", "approve", "raise-cache", "--role", "approver", "--reason", "Looks right.")
                    .expect(0);
            carol.run("change", "merge", "raise-cache").expect(0);

            String lines = carol.run(
                            "watch", "--change", "raise-cache", "--after", "oldest", "--until", "change.soaking")
                    .expect(0)
                    .out();
            String json = carol.run(
                            "watch",
                            "--json",
                            "--after",
                            "oldest",
                            "--type",
                            "change.opened",
                            "--until",
                            "unit.applied")
                    .expect(0)
                    .out();

            assertThat(lines)
                    .contains("change.opened", "by ann", "change.voted", "by carol  approve  approver", "main.moved");
            assertThat(json.lines()).hasSize(2).allMatch(line -> line.startsWith("{\"id\":\""));
            carol.run("watch", "--after", "12").refused("malformed-cursor");
            carol.run("watch", "--type", "change.exploded").refused("unknown-event-type");
        }
    }

    @Test
    void a_list_goes_on_with_what_moves_until_a_change_is_where_it_should_be(@TempDir Path folder) throws IOException {
        List<String> answers = List.of(
                "{\"items\":[],\"next\":\"s-4\"}",
                "{\"items\":[" + change("older", "confirmed") + "," + change("mine", "review") + "],\"next\":null}",
                "{\"items\":[],\"next\":\"s-5\"}",
                "{\"items\":[" + change("mine", "confirmed") + "],\"next\":\"s-6\"}");
        try (ScriptedServer server = new ScriptedServer("/api/v1/changes", answers)) {
            Terminal terminal = terminal(folder, server);

            Terminal.Said said = terminal.run("change", "list", "--watch", "--until", "confirmed", "--json")
                    .expect(0);

            assertThat(said.out().lines())
                    .hasSize(3)
                    .allMatch(line -> line.startsWith("{"))
                    .last()
                    .asString()
                    .contains("\"name\":\"mine\"")
                    .contains("\"state\":\"confirmed\"");
            assertThat(server.queries)
                    .containsExactly("limit=50&watch=now", "limit=50", "watch=s-4&wait=50", "watch=s-5&wait=50");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                --watch --until merged                     | unknown-state
                --until confirmed                          | contradicting-options
                --watch --state review --until confirmed   | contradicting-options
                """)
    void who_waits_for_a_state_that_never_comes_is_refused(String options, String rule, @TempDir Path folder) {
        Terminal terminal = new Terminal(
                new Installation(
                        new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new java.security.SecureRandom())),
                folder,
                java.util.Map.of("COUNTERSIGN_URL", "http://127.0.0.1:1", "COUNTERSIGN_TOKEN", "cst_x"));

        terminal.run(("change list " + options).split(" ")).refused(rule);
    }

    private static String change(String name, String state) {
        return "{\"number\":1,\"name\":\"" + name + "\",\"state\":\"" + state
                + "\",\"priority\":3,\"late\":false,\"type\":\"normal\",\"title\":\"A title\",\"requester\":\"ann\"}";
    }

    @Test
    void who_watches_comes_back_when_the_server_does(@TempDir Path folder) throws IOException {
        List<String> answers = List.of("{\"items\":[],\"next\":\"s-4\"}", "", """
                        {"items":[{"id":"s-5","type":"change.merged","time":"2026-11-21T12:00:00Z","change":"a",
                         "person":null,"detail":{}}],"next":"s-5"}""");
        try (ScriptedServer server = new ScriptedServer("/api/v1/events", answers)) {
            Terminal terminal = terminal(folder, server);

            Terminal.Said said =
                    terminal.run("watch", "--until", "change.merged").expect(0);

            assertThat(said.err()).contains("trying again");
            assertThat(said.out()).contains("change.merged").hasLineCount(1);
            assertThat(server.queries).containsExactly("wait=0", "wait=50&after=s-4", "wait=50&after=s-4");
        }
    }

    private static Terminal terminal(Path folder, ScriptedServer server) {
        Countersign.Outside outside =
                new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new java.security.SecureRandom());
        return new Terminal(
                new Installation(outside),
                folder,
                Map.of("COUNTERSIGN_URL", server.url(), "COUNTERSIGN_TOKEN", "cst_x"));
    }

    /** A server that gives these answers, one after the other, whatever it is asked; an empty one is a bad gateway's. */
    private static final class ScriptedServer implements AutoCloseable {
        private final HttpServer http =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final List<String> queries = new CopyOnWriteArrayList<>();

        ScriptedServer(String path, List<String> answers) throws IOException {
            Iterator<String> next = answers.iterator();
            http.createContext(path, exchange -> {
                queries.add(exchange.getRequestURI().getQuery());
                byte[] answer = next.next().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.length == 0 ? 502 : 200, answer.length == 0 ? -1 : answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            http.start();
        }

        String url() {
            return "http://127.0.0.1:" + http.getAddress().getPort();
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
