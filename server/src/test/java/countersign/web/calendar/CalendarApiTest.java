package countersign.web.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.gate.vote.Decision;
import countersign.web.ShopServer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CalendarApiTest {
    private static final String CALENDARS = ShopServer.API + "/calendars";

    @AutoClose
    private final ShopServer server = ShopServer.start();

    private ShopServer.Client ann;

    @BeforeEach
    void opens() {
        ann = server.as("ann", Scope.READ);
        server.shop.open("ann", "calendar", Map.of("calendar/shop.yaml", """
                apiVersion: countersign.dev/v1
                kind: Calendar
                metadata:
                  name: shop
                spec:
                  timeZone: Europe/Amsterdam
                  windows:
                    - {name: night, from: 2026-11-01T23:00, duration: PT4H, recurrence: FREQ=WEEKLY;BYDAY=SU}
                  freezes:
                    - name: sale
                      title: 双十一双十一双十一双十一双十一双十一双十一双十一双十一双十一
                      reason: "A sale; nobody, really \\\\ nobody.\\nSee the wiki."
                      from: 2026-11-23
                      until: 2026-11-24
                """));
        server.shop.vote("calendar", "carol", Decision.APPROVE, "approver");
        server.shop.vote("calendar", "dave", Decision.APPROVE, "approver");
        server.shop.changes().merge("calendar");
    }

    @Test
    void what_is_coming_is_listed_in_its_order() {
        ShopServer.Answer answer = ann.get(CALENDARS + "?from=2026-11-22T12:00:00Z&to=2026-11-30T12:00:00Z");

        assertThat(answer.expect(200).items("items"))
                .extracting(item -> item.get("type") + " " + item.get("name") + " " + item.get("start"))
                .containsExactly(
                        "window night 2026-11-22T22:00:00Z",
                        "freeze sale 2026-11-22T23:00:00Z",
                        "window night 2026-11-29T22:00:00Z");
    }

    @Test
    void a_span_that_is_none_or_too_long_is_refused() {
        ann.get(CALENDARS + "?from=2026-11-22T12:00:00Z&to=2026-11-22T12:00:00Z")
                .refused(422, "wrong-range");
        ann.get(CALENDARS + "?from=2026-11-22T12:00:00Z&to=2029-11-22T12:00:00Z")
                .refused(422, "wrong-range");
        ann.get(CALENDARS + "?from=tomorrow").refused(400, "malformed-time");
    }

    @Test
    void the_feed_is_folded_and_escaped_as_the_standard_says() {
        String feed = ann.get(ShopServer.API + "/calendar.ics").expect(200).body();

        assertThat(feed).startsWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n").endsWith("END:VCALENDAR\r\n");
        assertThat(feed.replace("\r\n", "")).doesNotContain("\n").doesNotContain("\r");
        assertThat(feed.split("\r\n"))
                .allSatisfy(line ->
                        assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(75));
        assertThat(feed.replace("\r\n ", ""))
                .contains("DTSTART:20261122T230000Z\r\nDTEND:20261124T230000Z")
                .contains("SUMMARY:Freeze: " + "双十一".repeat(10) + "\r\n")
                .contains("DESCRIPTION:A sale\\; nobody\\, really \\\\ nobody.\\nSee the wiki.\r\n");
    }
}
