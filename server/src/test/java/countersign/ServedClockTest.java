package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.change.Shop;
import countersign.cli.data.Program;
import countersign.data.DataCopy;
import countersign.data.ServerKeys;
import countersign.log.Faults;
import countersign.log.LogTrust;
import countersign.notify.Receiver;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of docs/operating.md: what a served repository does while the machine's clock is set by days, in either direction. */
final class ServedClockTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String CHANGE = "/api/v1/changes/greet";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "nine lives of one cat";

    private final AtomicReference<Instant> machine = new AtomicReference<>(NOON);
    private final AtomicLong nanoseconds = new AtomicLong();
    private final Map<String, String> tokens = new HashMap<>();
    private final Installation installation = new Installation(new Countersign.Outside(
            Faults.NONE,
            machine::get,
            nanoseconds::get,
            new SecureRandom(),
            Map.of("COUNTERSIGN_WEBHOOK_NETWORKS", "127.0.0.0/8")));

    @TempDir
    private static Path once;

    private static Map<String, String> issued;

    @TempDir
    private Path folder;

    private Path data;
    private Program.Running running;
    private Api api;

    @BeforeAll
    static void found() {
        Installation installation = new Installation(
                new Countersign.Outside(Faults.NONE, () -> NOON, () -> 0, new SecureRandom(), Map.of()));
        issued = ServeOnPostgresTest.found(installation, once);
        installation.setPassword(once.resolve("data"), "ann", PASSWORD);
        issued.put("short", token(installation, Duration.ofHours(1)));
        issued.put("long", token(installation, Duration.ofDays(90)));
    }

    @BeforeEach
    void serve_what_was_founded() {
        data = folder.resolve("data");
        DataCopy.copy(once.resolve("data"), data);
        tokens.putAll(issued);
        serve();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P2D", "-P2D"})
    void merges_are_refused_and_go_on_afterwards_with_the_right_time(Duration jump) {
        open();
        assertThat(vote().status()).isEqualTo(201);

        jumps(jump);
        Api.Answer refused = api.post("ann", CHANGE + "/merge", Map.of());
        Api.Answer unready = api.get("ann", "/readyz");
        Api.Answer metrics = api.get("ann", "/metrics");
        api.get("ann", CHANGE);
        passes(Duration.ofMinutes(1));
        jumps(jump.negated());
        Api.Answer ready = api.get("ann", "/readyz");
        Api.Answer merged = api.post("ann", CHANGE + "/merge", Map.of());

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.json()).containsEntry("rule", "clock-jumped");
        assertThat(unready.status()).isEqualTo(503);
        assertThat(unready.text()).contains("clock-jumped", NOON.plus(jump).toString());
        assertThat(metrics.text()).contains("countersign_read_only 1");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(merged.status()).as(merged.text()).isEqualTo(200);
        assertThat(merged.text()).contains(NOON.plusSeconds(60).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"P2D", "-P2D"})
    void a_server_that_is_started_again_believes_its_clock_unless_the_log_is_ahead(Duration jump) {
        open();
        assertThat(vote().status()).isEqualTo(201);
        jumps(jump);

        running.close();
        serve();

        Api.Answer merged = api.post("long", CHANGE + "/merge", Map.of());
        if (jump.isNegative()) {
            assertThat(merged.status()).isEqualTo(503);
            assertThat(merged.json()).containsEntry("rule", "clock-behind-log");
            passes(jump.negated());
            assertThat(api.post("long", CHANGE + "/merge", Map.of()).text()).contains(NOON.toString());
        } else {
            assertThat(merged.text()).contains(NOON.plus(jump).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"P20D", "-P20D"})
    void votes_expire_when_their_time_is_over_and_not_before(Duration jump) {
        open();
        assertThat(vote().status()).isEqualTo(201);

        jumps(jump);
        boolean during = gate();
        jumps(jump.negated());
        passes(Duration.ofDays(14));
        boolean over = gate();
        jumps(jump);
        boolean stillOver = gate();

        assertThat(during).isTrue();
        assertThat(over).isFalse();
        assertThat(stillOver).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P2D", "-P2D"})
    void tokens_and_sessions_end_when_their_time_is_over_and_not_before(Duration jump) {
        tokens.put("session", String.valueOf(signIn(PASSWORD).json().get("secret")));

        jumps(jump);
        int token = status("short");
        int session = status("session");
        jumps(jump.negated());
        passes(Duration.ofMinutes(61));
        jumps(jump);
        int tokenOver = status("short");
        int sessionOn = status("session");
        passes(Duration.ofHours(12));
        int sessionOver = status("session");

        assertThat(List.of(token, session, sessionOn)).containsOnly(200);
        assertThat(List.of(tokenOver, sessionOver)).containsOnly(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P2D", "-P2D"})
    void who_guesses_passwords_waits_neither_shorter_nor_longer(Duration jump) {
        for (int attempt = 0; attempt < 8; attempt++) {
            signIn("a wrong password " + attempt);
        }

        jumps(jump);
        int during = signIn(PASSWORD).status();
        passes(Duration.ofMinutes(16));
        int after = signIn(PASSWORD).status();

        assertThat(during).isEqualTo(429);
        assertThat(after).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P2D", "-P2D"})
    void checkpoints_are_cosigned_with_the_time_that_it_is(Duration jump) {
        LogTrust trust = ServerKeys.read(data.resolve("keys")).signers().trust();

        passes(Duration.ofMinutes(5));
        jumps(jump);
        byte[] note = api.get("ann", "/api/v1/log/checkpoint").body();

        assertThat(trust.verify(note).cosignedAt()).isEqualTo(NOON.plus(Duration.ofMinutes(5)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P2D", "-P2D"})
    void a_webhook_is_tried_again_as_soon_as_it_would_have_been(Duration jump) throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.answer = 503;
            Map<String, Object> wish =
                    Map.of("name", "chat", "url", receiver.url().toString(), "types", List.of("change.opened"));
            String id = String.valueOf(
                    api.post("ann", "/api/v1/webhooks", wish).json().get("id"));
            open();
            Awaitility.await("tried").atMost(PATIENCE).until(() -> due(id).isAfter(NOON));
            Instant due = due(id);

            jumps(jump);
            passes(Duration.between(NOON, due).minusMillis(1));
            int early = receiver.received.size();
            passes(Duration.ofSeconds(2));
            Awaitility.await("tried again").atMost(PATIENCE).until(() -> receiver.received.size() == 2);

            assertThat(due).isBetween(NOON.plusMillis(1), NOON.plus(Duration.ofMinutes(10)));
            assertThat(early).isEqualTo(1);
        }
    }

    @Test
    void time_that_passes_is_no_jump() {
        passes(Duration.ofDays(30));

        assertThat(api.get("long", "/readyz").status()).isEqualTo(200);
        assertThat(status("long")).isEqualTo(200);
    }

    private void serve() {
        running = ServeOnPostgresTest.serve(installation, folder);
        api = new Api(running.url(), tokens);
    }

    private static String token(Installation installation, Duration lifetime) {
        return installation
                .issueToken(
                        once.resolve("data"),
                        new Program.TokenWish("ann", "a token", EnumSet.allOf(Scope.class), lifetime))
                .secret();
    }

    private void open() {
        Api.Answer opened = api.open("ann", ServeOnPostgresTest.CHANGE);
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
    }

    private Api.Answer vote() {
        return api.vote("carol", Shop.key("carol"), "greet", "approve", "approver");
    }

    private boolean gate() {
        return Boolean.TRUE.equals(api.get("long", CHANGE + "/gate").json().get("open"));
    }

    private Api.Answer signIn(String password) {
        return api.post("nobody", "/api/v1/sessions", Map.of("person", "ann", "password", password));
    }

    private int status(String who) {
        return api.get(who, "/api/v1/changes").status();
    }

    /** When the one delivery of a webhook is tried next. */
    private Instant due(String webhook) {
        List<?> items = (List<?>) api.get("ann", "/api/v1/webhooks/" + webhook + "/deliveries")
                .json()
                .get("items");
        return items.isEmpty() ? Instant.MIN : Instant.parse("" + ((Map<?, ?>) items.get(0)).get("next"));
    }

    private void passes(Duration time) {
        machine.updateAndGet(now -> now.plus(time));
        nanoseconds.addAndGet(time.toNanos());
    }

    private void jumps(Duration step) {
        machine.updateAndGet(now -> now.plus(step));
    }
}
