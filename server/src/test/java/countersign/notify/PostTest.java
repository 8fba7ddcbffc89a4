package countersign.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsServer;
import countersign.SelfSignedServer;
import countersign.codec.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostTest {
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "0.0.0.0",
                "10.1.2.3",
                "172.31.255.1",
                "192.168.0.7",
                "169.254.169.254",
                "100.64.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "198.18.0.1",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "2001:db8::1",
                "2001::1"
            })
    void an_address_that_is_not_of_the_public_internet_is_not_reached(String address) throws UnknownHostException {
        assertThat(Networks.named("").mayReach(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "192.169.0.1", "2a00:1450:4001:80b::200e"})
    void a_public_address_is_reached(String address) throws UnknownHostException {
        assertThat(Networks.named("").mayReach(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://[::1]:8443/hook",
                "https://localhost/",
                "https://LOCALHOST/",
                "https://192.168.1.1/",
                "http://8.8.8.8/",
                "http://chat.example/"
            })
    void an_address_to_which_nothing_may_go_is_refused_without_a_look_at_names(String url) {
        assertThatThrownBy(() -> Networks.named("").requirePossible(URI.create(url)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("address-not-allowed"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://chat.example/",
                "https://8.8.8.8/",
                "http://10.1.2.3/",
                "http://chat.intern/",
                "https://[2a00:1450:4001:80b::200e]/"
            })
    void an_address_to_which_something_may_go_is_left_to_its_deliveries(String url) {
        assertThatCode(() -> Networks.named("10.1.0.0/16").requirePossible(URI.create(url)))
                .doesNotThrowAnyException();
    }

    @Test
    void networks_that_the_operator_names_are_reached_and_no_others() throws UnknownHostException {
        Networks networks = Networks.named("10.1.0.0/16, fd00:1::/32,192.168.7.7");

        assertThat(networks.mayReach(InetAddress.getByName("10.1.255.9"))).isTrue();
        assertThat(networks.mayReach(InetAddress.getByName("10.2.0.1"))).isFalse();
        assertThat(networks.mayReach(InetAddress.getByName("fd00:1::9"))).isTrue();
        assertThat(networks.mayReach(InetAddress.getByName("192.168.7.7"))).isTrue();
        assertThat(networks.mayReach(InetAddress.getByName("192.168.7.8"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost/8", "10.0.0.0/33", "10.0.0/x", "example.com"})
    void a_network_that_is_none_is_refused(String text) {
        assertThatThrownBy(() -> Networks.named(text))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("malformed-network"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://x.example/",
                "https://ann:secret@x.example/",
                "/hook",
                "https:///x",
                "https://x.example/#a",
                "x y"
            })
    void a_url_to_which_nothing_can_be_posted_is_refused(String url) {
        assertThatThrownBy(() -> Webhook.url(url))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("malformed-webhook-url"));
    }

    @Test
    void nothing_is_sent_to_a_name_that_leads_inside() {
        try (Receiver receiver = new Receiver();
                Post post = post("", "127.0.0.1")) {
            URI url = URI.create("http://chat.example:" + receiver.url().getPort() + "/");

            Delivery.Outcome outcome = post.send(url, Map.of(), BODY);

            assertThat(outcome.failure()).contains("address-not-allowed");
            assertThat(receiver.received).isEmpty();
        }
    }

    @Test
    void a_name_is_looked_up_once_so_that_it_can_not_change_its_mind() throws UnknownHostException {
        AtomicInteger asked = new AtomicInteger();
        try (Receiver receiver = new Receiver();
                Post post = new Post(
                        Networks.named("127.0.0.1/32"),
                        host -> new InetAddress[] {
                            InetAddress.getByName(asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2")
                        },
                        Duration.ofSeconds(60))) {
            URI url = URI.create("http://chat.example:" + receiver.url().getPort() + "/");

            assertThat(post.send(url, Map.of(), BODY).good()).isTrue();
            assertThat(asked).hasValue(1);
            assertThat(receiver.received.get(0).headers())
                    .containsEntry("host", "chat.example:" + receiver.url().getPort());
        }
    }

    @Test
    void without_tls_only_named_networks_are_spoken_to() {
        try (Post post = post("", "8.8.8.8")) {
            assertThat(post.send(URI.create("http://chat.example/"), Map.of(), BODY)
                            .failure())
                    .contains("without TLS");
        }
    }

    @Test
    void a_certificate_that_nobody_trusts_is_no_connection(@TempDir Path folder) throws Exception {
        HttpsServer server = SelfSignedServer.start(folder);
        try (Post post = post("127.0.0.0/8", "127.0.0.1")) {
            URI url = URI.create("https://chat.example:" + server.getAddress().getPort() + "/");

            assertThat(post.send(url, Map.of(), BODY).failure()).contains("no trusted TLS");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void an_answer_without_end_is_cut_off() throws IOException {
        AtomicInteger written = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Post post = post("127.0.0.0/8", "127.0.0.1")) {
            Thread talking = talk(server, "X-More: and more\r\n", written);

            Delivery.Outcome outcome =
                    post.send(URI.create("http://chat.example:" + server.getLocalPort() + "/"), Map.of(), BODY);

            assertThat(outcome.failure()).contains("failed or took too long");
            talking.interrupt();
        }
    }

    @Test
    void a_receiver_that_never_answers_is_not_waited_for() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Post post =
                        new Post(Networks.named("127.0.0.0/8"), InetAddress::getAllByName, Duration.ofMillis(300))) {
            Delivery.Outcome outcome =
                    post.send(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"), Map.of(), BODY);

            assertThat(outcome.good()).isFalse();
            assertThat(outcome.status()).isNull();
        }
    }

    /** A receiver that begins an answer and never ends its head. */
    private static Thread talk(ServerSocket server, String line, AtomicInteger written) {
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                OutputStream out = socket.getOutputStream();
                out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                while (!Thread.currentThread().isInterrupted()) {
                    out.write(line.getBytes(StandardCharsets.US_ASCII));
                    written.addAndGet(line.length());
                }
            } catch (IOException hungUp) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static Post post(String networks, String address) {
        return new Post(
                Networks.named(networks),
                host -> new InetAddress[] {InetAddress.getByName(address)},
                Duration.ofSeconds(60));
    }
}
