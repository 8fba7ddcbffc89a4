package countersign.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import countersign.account.Action;
import countersign.account.Authorisation;
import countersign.account.Scope;
import countersign.account.SignIn;
import countersign.account.Tokens;
import countersign.activity.Activity;
import countersign.activity.ActivityKind;
import countersign.activity.ActivityQuery;
import countersign.change.Shop;
import countersign.web.ShopServer.Answer;
import countersign.web.ShopServer.Client;
import countersign.web.http.Entity;
import countersign.web.http.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class HotReadsTest {
    private static final String DOCUMENT = ShopServer.API + "/documents/" + Shop.SYSTEM;
    private static final String HOT = "/test/hot/one";
    private static final Entity ONE = Entity.of("tag", "text/plain", "from memory".getBytes(StandardCharsets.US_ASCII));

    /** Tells in its body which way an answer took. */
    private static final Route ROUTE = Route.get(
                    "/test/hot/<path>",
                    Action.READ,
                    exchange -> exchange.entity(
                            Entity.of("slow", "text/plain", "by the endpoint".getBytes(StandardCharsets.US_ASCII))))
            .remembering(rest -> rest.equals("one") ? Optional.of(ONE) : Optional.empty());

    @AutoClose
    private final ShopServer server = ShopServer.start(Authorisation.Reading.TOKEN_HOLDERS, ROUTE);

    private final Client bob = server.as("bob");

    @Test
    void what_is_in_memory_is_read_from_there_once_the_token_is_known() {
        assertThat(bob.get(HOT).body()).isEqualTo("by the endpoint");

        assertThat(bob.get(HOT).body()).isEqualTo("from memory");
        assertThat(bob.get("/test/hot/two").body()).isEqualTo("by the endpoint");
        assertThat(bob.get("/test/hot/%6fne").body()).isEqualTo("by the endpoint");
        assertThat(bob.send("POST", HOT, "").status()).isEqualTo(405);
    }

    @Test
    void an_answer_from_memory_is_the_same_as_any_other() {
        Answer slow = bob.get(DOCUMENT).expect(200);
        Answer fast = bob.get(DOCUMENT).expect(200);
        Answer slowUnchanged = server.as("bob").get(DOCUMENT, "If-None-Match", slow.header("ETag"));
        Answer fastUnchanged = bob.get(DOCUMENT, "If-None-Match", slow.header("ETag"));

        assertThat(fast.body()).isEqualTo(slow.body()).isEqualTo(Shop.system("production", 30));
        assertThat(headers(fast)).isEqualTo(headers(slow));
        assertThat(fastUnchanged.expect(304).body()).isEmpty();
        assertThat(headers(fastUnchanged)).isEqualTo(headers(slowUnchanged.expect(304)));
    }

    @Test
    void a_revoked_token_reads_nothing_from_the_next_request_on() {
        Tokens.Issued issued =
                server.tokens.issue(new Tokens.Wish("bob", "laptop", Set.of(Scope.READ), Duration.ofDays(1)));
        Client laptop = server.with(issued.secret());
        laptop.get(HOT);
        assertThat(laptop.get(HOT).body()).isEqualTo("from memory");

        server.tokens.revoke(issued.token().id());

        laptop.get(HOT).refused(401, "not-authenticated");
        bob.get(HOT).expect(200);
    }

    @Test
    void a_session_that_ended_reads_nothing_from_the_next_request_on() {
        Tokens.Issued session =
                server.tokens.issue(new Tokens.Wish("bob", SignIn.SESSION, Scope.WORKING, Duration.ofHours(12)));
        Client browser = server.with(session.secret());
        browser.get(HOT);
        assertThat(browser.get(HOT).body()).isEqualTo("from memory");

        bob.delete(ShopServer.API + "/tokens/" + session.token().id()).expect(204);

        browser.get(HOT).refused(401, "not-authenticated");
    }

    @Test
    void a_token_that_expires_reads_nothing_from_that_moment_on() {
        bob.get(HOT);
        assertThat(bob.get(HOT).body()).isEqualTo("from memory");

        server.shop.now.set(server.shop.now.get().plus(Duration.ofDays(1)));

        bob.get(HOT).refused(401, "not-authenticated");
    }

    @Test
    void who_is_no_person_of_main_is_refused_whatever_is_in_memory() {
        Client stranger = server.as("mallory");

        stranger.get(HOT).refused(403, "person-unknown");
        stranger.get(HOT).refused(403, "person-unknown");
        server.anonymous().get(HOT).refused(401, "not-authenticated");
        server.with("cst_0123").get(HOT).refused(401, "not-authenticated");
    }

    @Test
    void a_merge_is_seen_by_the_next_read() {
        bob.get(DOCUMENT);
        Answer before = bob.get(DOCUMENT).expect(200);

        server.shop.merged("raise-timeout", 60);

        assertThat(bob.get(DOCUMENT, "If-None-Match", before.header("ETag"))
                        .expect(200)
                        .body())
                .contains("timeout: 60");
    }

    @Test
    void every_read_from_memory_is_logged_under_its_id() {
        List<Map<String, String>> lines = logged(() -> {
            bob.get(HOT, "X-Request-Id", "first");
            bob.get(HOT, "X-Request-Id", "second");
            bob.get(ShopServer.API + "/repository"); // comes after what is noted of the one before
        });

        assertThat(lines)
                .filteredOn(line -> "/test/hot/<path>".equals(line.get("route")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("message", "answered")
                        .containsEntry("method", "GET")
                        .containsEntry("status", "200")
                        .containsEntry("person", "bob")
                        .containsKey("millis"))
                .extracting(line -> line.get("request"))
                .containsExactly("first", "second");
    }

    @Test
    void every_read_from_memory_is_counted_by_route_and_by_token() {
        for (int i = 0; i < 3; i++) {
            bob.get(HOT).expect(200);
        }

        assertThat(bob.get("/metrics").body())
                .contains("countersign_http_request_duration_seconds_count{method=\"GET\",route=\"/test/hot/<path>\""
                        + ",status=\"200\"} 3");
        server.shop.now.set(server.shop.now.get().plus(Duration.ofHours(2)));
        ActivityQuery uses = new ActivityQuery("bob", ActivityKind.TOKEN_USED, null, null, null, 10);
        assertThat(server.activity.list(uses).items())
                .extracting(Activity::count)
                .containsExactlyInAnyOrder(1L, 3L);
    }

    private static Map<String, List<String>> headers(Answer answer) {
        Map<String, List<String>> headers =
                new TreeMap<>(answer.response().headers().map());
        assertThat(headers.remove("date")).isNotNull();
        assertThat(headers.remove("x-request-id")).isNotNull();
        return headers;
    }

    private static List<Map<String, String>> logged(Runnable work) {
        Logger log = (Logger) LoggerFactory.getLogger(RequestLog.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Level before = log.getLevel();
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.DEBUG);
        try {
            work.run();
        } finally {
            log.detachAppender(lines);
            log.setLevel(before);
        }
        return new ArrayList<>(lines.list).stream().map(HotReadsTest::members).toList();
    }

    private static Map<String, String> members(ILoggingEvent line) {
        Map<String, String> members = new TreeMap<>(line.getMDCPropertyMap());
        members.put("message", line.getMessage());
        line.getKeyValuePairs().forEach(pair -> members.put(pair.key, String.valueOf(pair.value)));
        return members;
    }
}
