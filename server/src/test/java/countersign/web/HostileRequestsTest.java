package countersign.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no client of ours would send, byte for byte: nobody gets in by them, and nobody waits for them. */
final class HostileRequestsTest {
    private static final int MILLIS = 60_000;
    private static final String CHANGES = ShopServer.API + "/changes";
    private static final long MUCH = 10L << 30;

    @AutoClose
    private final ShopServer server = ShopServer.start();

    /** A proxy and a server that disagree about where a request ends would let one person speak with another's token. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                "Content-Length: 4\r\nContent-Length: 44\r\n",
                "Content-Length: 4, 44\r\n",
                "Content-Length: +4\r\n",
                "Content-Length : 4\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Content-Length: 4\r\n Transfer-Encoding: chunked\r\n",
                "Content-Length: 99999999999999999999\r\n"
            })
    void a_request_whose_end_can_be_read_in_two_ways_is_refused_and_ends_the_connection(String headers)
            throws IOException {
        String answer = answer("POST " + CHANGES + " HTTP/1.1\r\nHost: x\r\n" + headers
                + "\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n" + "Host: x\r\nConnection: close\r\n\r\n");

        assertThat(statuses(answer))
                .as(answer)
                .hasSize(1)
                .allSatisfy(status -> assertThat(status).startsWith("4"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHANGES,
                "/" + CHANGES,
                CHANGES + "/",
                CHANGES + ";a=b",
                "/api/./v1/changes",
                "/healthz/.." + CHANGES,
                "/healthz/%2e%2e" + CHANGES,
                "/healthz%2f.." + CHANGES,
                "/git/.." + CHANGES,
                "/git/%2e%2e" + CHANGES,
                "/git/shop.git/..%2f..%2f" + CHANGES,
                "/api/v1/%63hanges",
                "/api/v1/changes%00",
                "/api/v1/changes%20",
                "/API/V1/CHANGES",
                "/api\\v1\\changes",
                "http://elsewhere.example" + CHANGES
            })
    void no_other_spelling_of_a_path_lets_anybody_in(String path) throws IOException {
        String password = Base64.getEncoder()
                .encodeToString(("ann:" + server.as("ann").secret()).getBytes(StandardCharsets.UTF_8));

        String anonymous = answer(get(path, ""));
        String byPassword = answer(get(path, "Authorization: Basic " + password + "\r\n"));

        assertThat(statuses(anonymous))
                .as(anonymous)
                .hasSize(1)
                .allSatisfy(status -> assertThat(status).startsWith("4"));
        assertThat(statuses(byPassword))
                .as(byPassword)
                .hasSize(1)
                .allSatisfy(status -> assertThat(status).startsWith("4"));
    }

    @Test
    void headers_without_end_are_refused_before_they_end() throws IOException {
        String answer = answer(get(CHANGES, "X-Long: " + "x".repeat(10_000) + "\r\n"));

        assertThat(statuses(answer)).as(answer).containsExactly("431");
    }

    @Test
    void a_body_that_is_announced_as_huge_is_refused_before_it_is_sent() throws IOException {
        String length = "Content-Length: " + MUCH + "\r\nConnection: close\r\n\r\n";
        String token = "Authorization: Bearer " + server.as("ann").secret() + "\r\n";
        String push = "Content-Type: application/x-git-receive-pack-request\r\n";

        assertThat(statuses(answer(post("/git/shop.git/git-receive-pack", push + length))))
                .containsExactly("401");
        assertThat(statuses(answer(post(CHANGES, length)))).containsExactly("401");
        assertThat(statuses(answer(post(CHANGES, token + length)))).containsExactly("413");
    }

    @Test
    void a_body_that_announces_nothing_is_counted_as_it_comes() throws IOException {
        String token = "Authorization: Bearer " + server.as("ann").secret() + "\r\n";
        String chunk = "ffff\r\n" + "x".repeat(0xffff) + "\r\n";

        String body = "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunk.repeat(2) + "0\r\n\r\n";
        String answer = answer(post(CHANGES, token + body));

        assertThat(statuses(answer)).as(answer).containsExactly("413");
    }

    @Test
    void who_sends_nothing_keeps_nobody_else_waiting() throws IOException {
        Socket[] silent = new Socket[200];
        try {
            for (int i = 0; i < silent.length; i++) {
                silent[i] = connect();
                silent[i]
                        .getOutputStream()
                        .write(("GET " + CHANGES + " HTTP/1.1\r\nX: ").getBytes(StandardCharsets.US_ASCII));
            }

            server.as("ann").get(CHANGES).expect(200);
        } finally {
            for (Socket socket : silent) {
                if (socket != null) {
                    socket.close();
                }
            }
        }
    }

    private static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "Connection: close\r\n\r\n";
    }

    private static String post(String path, String headersAndBody) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headersAndBody;
    }

    private static List<String> statuses(String answer) {
        return answer.lines()
                .filter(line -> line.startsWith("HTTP/1.1 "))
                .map(line -> line.substring(9, 12))
                .toList();
    }

    /** All that is answered until the server ends the connection, which it may do with a part of the request unread. */
    private String answer(String request) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().transferTo(answer);
        } catch (SocketException reset) {
            assertThat(answer.size()).as("what came before the end").isPositive();
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private Socket connect() throws IOException {
        URI url = URI.create(server.url());
        Socket socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout(MILLIS);
        return socket;
    }
}
