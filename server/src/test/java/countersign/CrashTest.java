package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.audit.AuditLine;
import countersign.audit.CloneAudit;
import countersign.audit.start.StartingPoint;
import countersign.change.Shop;
import countersign.cli.data.Program;
import countersign.git.GitRepository;
import countersign.log.Faults;
import countersign.repository.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server process is killed (SIGKILL) at every point between a vote and a receipt, and started again. */
class CrashTest {
    private static final String NAME = "more-instances";
    private static final String SYSTEM = "systems/checkout/checkout-test.yaml";
    private static final String[] STEPS = {
        "change.opened",
        "change.voted",
        "change.approved",
        "change.merged",
        "main.moved",
        "unit.applied",
        "change.soaking"
    };
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Installation installation =
            new Installation(new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new java.security.SecureRandom()));
    private final Map<String, String> tokens = new HashMap<>();
    private Path data;
    private Path sign;
    private Program.Founded founded;

    @BeforeEach
    void found(@TempDir Path folder) {
        data = folder.resolve("data");
        sign = folder.resolve("reached");
        founded = installation.init(new Program.Init(
                data,
                Program.Content.of(Path.of("sample-repo")),
                "shop",
                "shop.example/log",
                Map.of(
                        "ann", List.of(Shop.key("ann").publicKey()),
                        "carol", List.of(Shop.key("carol").publicKey()),
                        "dave", List.of(Shop.key("dave").publicKey())),
                List.of(Shop.key("recovery").publicKey()),
                1));
        for (String person : List.of("ann", "carol")) {
            tokens.put(
                    person,
                    installation
                            .issueToken(
                                    data,
                                    new Program.TokenWish(
                                            person, "test", EnumSet.allOf(Scope.class), Duration.ofDays(1)))
                            .secret());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "merge-before-commit",
                "merge-after-commit",
                "merge-after-log",
                "merge-after-main",
                "apply-before-flip",
                "apply-after-flip",
                "apply-before-receipt",
                "apply-after-receipt"
            })
    void a_killed_server_loses_nothing_acknowledged_and_does_nothing_twice(String point) throws Exception {
        killAt(point);

        try (Program.Running running = serve()) {
            Api api = new Api(running.url(), tokens);
            assertThat(running.readOnlyReason()).isEmpty();
            assertThat(votes(api)).as("the vote was acknowledged").hasSize(1);
            boolean mergedAlready = !state(api).equals("approved");
            assertThat(mergedAlready)
                    .as("the log append is the commit point")
                    .isEqualTo(!point.equals("merge-before-commit") && !point.equals("merge-after-commit"));
            if (!mergedAlready) {
                assertThat(api.post("ann", "/api/v1/changes/" + NAME + "/merge", Map.of())
                                .status())
                        .isEqualTo(200);
            }
            Awaitility.await("applied").atMost(PATIENCE).until(() -> state(api).equals("soaking"));
            assertThat(told(api)).as("every step is told once").containsExactly(STEPS);
        }

        assertThat(releases()).as("one release, switched to once").hasSize(1);
        assertThat(audit()).allMatch(AuditLine::good);
        assertThat(audit().stream().filter(line -> line.detail().startsWith("receipt")))
                .as("one receipt")
                .hasSize(1);
        assertThat(audit().stream().filter(line -> line.subject().startsWith("#")))
                .as("one merge")
                .hasSize(1);
    }

    private void killAt(String point) throws IOException, InterruptedException {
        int port = freePort();
        Process server = start(point, port);
        try {
            Api api = new Api("http://127.0.0.1:" + port, tokens);
            Awaitility.await("started")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> api.get("ann", "/healthz").status() == 200);
            assertThat(api.open("ann", change(NAME)).status()).isEqualTo(201);
            assertThat(api.vote("carol", Shop.key("carol"), NAME, "approve", "approver")
                            .status())
                    .isEqualTo(201);
            assertThat(state(api))
                    .as(api.get("ann", "/api/v1/changes/" + NAME + "/gate").text())
                    .isEqualTo("approved");
            Thread merging = new Thread(() -> mergeUntilKilled(api));
            merging.setDaemon(true);
            merging.start();
            Awaitility.await(point).atMost(PATIENCE).until(() -> Files.exists(sign));
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** The server dies before it answers. */
    private static void mergeUntilKilled(Api api) {
        try {
            api.post("ann", "/api/v1/changes/" + NAME + "/merge", Map.of());
        } catch (UncheckedIOException killed) {
            assertThat(killed).hasCauseInstanceOf(IOException.class);
        }
    }

    private Process start(String point, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FaultyMain.class.getName(),
                point,
                sign.toString(),
                "serve",
                "--data",
                data.toString(),
                "--port",
                String.valueOf(port)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolveSibling("server.txt").toFile())
                .start();
    }

    private Program.Running serve() {
        return installation.serve(Program.Serve.locally(data));
    }

    private List<Path> releases() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("targets"))) {
            return files.filter(path -> path.getFileName().toString().equals("checkout.yaml"))
                    .filter(path -> path.toString().contains("/releases/"))
                    .toList();
        }
    }

    private List<AuditLine> audit() {
        List<AuditLine> lines = new ArrayList<>();
        try (Repository clone = GitRepository.openForReading(data.resolve("repository.git"))) {
            new CloneAudit(clone).verify(new StartingPoint.Genesis(founded.genesis(), null), lines::add);
        }
        return lines;
    }

    private static String state(Api api) {
        return (String) api.get("ann", "/api/v1/changes/" + NAME).json().get("state");
    }

    private static List<String> told(Api api) {
        List<?> items = (List<?>)
                api.get("ann", "/api/v1/events?after=oldest&limit=500").json().get("items");
        return items.stream()
                .map(event -> ((Map<?, ?>) event).get("type").toString())
                .toList();
    }

    private static List<?> votes(Api api) {
        return (List<?>)
                api.get("ann", "/api/v1/changes/" + NAME + "/votes").json().get("items");
    }

    /** A request of this name, and what it asks for. */
    static Map<String, String> change(String name) {
        try {
            String system = Files.readString(Path.of("sample-repo", SYSTEM));
            String more = system.replaceFirst("instances: \\d+", "instances: 99");
            assertThat(more).isNotEqualTo(system);
            return Map.of(SYSTEM, more, "changes/2026-11-21/" + name + ".yaml", """
                    apiVersion: countersign.dev/v1
                    kind: ChangeRequest
                    metadata:
                      name: %s
                    spec:
                      title: More instances of checkout
                      type: normal
                      reason: The sale begins on Friday.
                      requester: ann
                      contact: ann
                      maintenanceType: preventive
                      plan: {scope: checkout in test, steps: [merge], risk: none to speak of}
                      test: {plan: watch the error rate}
                      backout: {plan: merge a rollback of this change within the day}
                      securityImpact: none
                    """.formatted(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
