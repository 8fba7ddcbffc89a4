package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.audit.AuditLine;
import countersign.change.Shop;
import countersign.cli.data.Program;
import countersign.data.DataCopy;
import countersign.log.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server process is killed (SIGKILL) at every point between a vote and a receipt, and started again. */
class CrashTest {
    private static final String NAME = "more-instances";
    private static final String[] STEPS = {
        "change.opened",
        "change.voted",
        "change.approved",
        "change.merged",
        "main.moved",
        "unit.applied",
        "change.soaking"
    };

    @TempDir
    private static Path once;

    private static Program.Founded founded;
    private static Map<String, String> tokens;
    private Path data;
    private Path sign;

    @BeforeAll
    static void found() {
        Installation installation = installation();
        founded = SampleShop.found(installation, once.resolve("data"));
        tokens = SampleShop.tokens(installation, once.resolve("data"), "ann", "carol");
    }

    @BeforeEach
    void copy_what_was_founded(@TempDir Path folder) {
        data = folder.resolve("data");
        sign = folder.resolve("reached");
        DataCopy.copy(once.resolve("data"), data);
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
            Awaitility.await("applied")
                    .atMost(ServerProcess.PATIENCE)
                    .until(() -> state(api).equals("soaking"));
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
        try (ServerProcess server =
                ServerProcess.start(FaultyMain.class, List.of(point, sign.toString()), data, Map.of())) {
            Api api = new Api(server.url(), tokens);
            assertThat(api.open("ann", SampleShop.change(NAME)).status()).isEqualTo(201);
            assertThat(api.vote("carol", Shop.key("carol"), NAME, "approve", "approver")
                            .status())
                    .isEqualTo(201);
            assertThat(state(api))
                    .as(api.get("ann", "/api/v1/changes/" + NAME + "/gate").text())
                    .isEqualTo("approved");
            Thread merging = new Thread(() -> mergeUntilKilled(api));
            merging.setDaemon(true);
            merging.start();
            Awaitility.await(point).atMost(ServerProcess.PATIENCE).until(() -> Files.exists(sign));
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

    private static Installation installation() {
        return new Installation(
                new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new java.security.SecureRandom()));
    }

    private Program.Running serve() {
        return installation().serve(Program.Serve.locally(data));
    }

    private List<Path> releases() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("targets"))) {
            return files.filter(path -> path.getFileName().toString().equals("checkout.yaml"))
                    .filter(path -> path.toString().contains("/releases/"))
                    .toList();
        }
    }

    private List<AuditLine> audit() {
        return SampleShop.audit(data, founded);
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
}
