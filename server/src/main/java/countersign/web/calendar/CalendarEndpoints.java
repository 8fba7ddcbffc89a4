package countersign.web.calendar;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.calendar.Calendars;
import countersign.gate.calendar.Calendars.Coming;
import countersign.repository.Snapshot;
import countersign.web.http.Entity;
import countersign.web.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Which windows and freezes of main are coming. */
public final class CalendarEndpoints {
    private static final Duration LONGEST = Duration.ofDays(400);
    private static final Duration USUAL = Duration.ofDays(90);
    private static final Duration FEED_BACK = Duration.ofDays(30);
    private static final int MOST = 1_000;

    private final Calendars calendars;
    private final Supplier<Snapshot> main;
    private final InstantSource clock;

    /** @param main the tree of main */
    public CalendarEndpoints(Calendars calendars, Supplier<Snapshot> main, InstantSource clock) {
        this.calendars = calendars;
        this.main = main;
        this.clock = clock;
    }

    /** One time that a window or freeze happens; {@code end} is the first moment behind it. */
    record ComingView(
            String calendar,
            String document,
            String timeZone,
            String type,
            String name,
            String title,
            String reason,
            String start,
            String end) {
        static ComingView of(Coming coming) {
            return new ComingView(
                    coming.calendar().name(),
                    coming.calendar().path(),
                    coming.calendar().zone().getId(),
                    coming.type().name().toLowerCase(Locale.ROOT),
                    coming.entry().name(),
                    coming.entry().title(),
                    coming.entry().reason(),
                    coming.occurrence().start().toString(),
                    coming.occurrence().end().toString());
        }
    }

    /** In the order of their beginnings; truncated if there are more than an answer holds. */
    record ComingList(String from, String to, boolean truncated, List<ComingView> items) {}

    public void list(Exchange exchange) {
        Instant from = time(exchange, "from", clock.instant().truncatedTo(ChronoUnit.MINUTES));
        Instant to = time(exchange, "to", from.plus(USUAL));
        if (!to.isAfter(from) || Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw new Refusal(
                    "wrong-range",
                    "from " + from + " to " + to + " is not a span of at most " + LONGEST.toDays() + " days",
                    "ask for less at once");
        }
        List<Coming> coming = calendars.between(main.get(), from, to, MOST + 1);
        exchange.tagged(new ComingList(
                from.toString(),
                to.toString(),
                coming.size() > MOST,
                coming.stream().limit(MOST).map(ComingView::of).toList()));
    }

    public void feed(Exchange exchange) {
        Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
        Instant from = today.minus(FEED_BACK);
        byte[] feed = CalendarFeed.write(calendars.between(main.get(), from, from.plus(LONGEST), MOST), today)
                .getBytes(StandardCharsets.UTF_8);
        exchange.entity(Entity.of(Sha256.of(feed).hex(), "text/calendar; charset=utf-8", feed));
    }

    private static Instant time(Exchange exchange, String name, Instant otherwise) {
        String text = exchange.query(name).orElse(otherwise.toString());
        try {
            Instant time = Instant.parse(text);
            if (time.isAfter(Instant.parse("1970-01-01T00:00:00Z"))
                    && time.isBefore(Instant.parse("2200-01-01T00:00:00Z"))) {
                return time;
            }
        } catch (DateTimeException malformed) {
            throw malformed(name, text);
        }
        throw malformed(name, text);
    }

    private static Refusal malformed(String name, String text) {
        return new Refusal("malformed-time", name + " must be a UTC time such as 2026-11-21T10:00:00Z, is: " + text);
    }
}
