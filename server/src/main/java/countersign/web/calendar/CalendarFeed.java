package countersign.web.calendar;

import countersign.gate.calendar.Calendars;
import countersign.gate.calendar.Calendars.Coming;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** An iCalendar object (RFC 5545): CRLF, lines of at most 75 octets, times in UTC so that no reader's zones matter. */
final class CalendarFeed {
    private static final int OCTETS = 75;
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final StringBuilder text = new StringBuilder();

    private CalendarFeed() {}

    /** @param stamp when this was made */
    static String write(List<Coming> events, Instant stamp) {
        CalendarFeed feed = new CalendarFeed();
        feed.line("BEGIN:VCALENDAR");
        feed.line("VERSION:2.0");
        feed.line("PRODID:-//countersign.dev//Countersign//EN");
        feed.line("X-WR-CALNAME:Change calendar");
        events.forEach(event -> feed.event(event, stamp));
        feed.line("END:VCALENDAR");
        return feed.text.toString();
    }

    private void event(Coming event, Instant stamp) {
        boolean freeze = event.type() == Calendars.Type.FREEZE;
        Instant start = event.occurrence().start();
        line("BEGIN:VEVENT");
        line("UID:" + event.calendar().name() + "-" + (freeze ? "freeze" : "window") + "-"
                + event.entry().name() + "-" + UTC.format(start) + "@countersign.dev");
        line("DTSTAMP:" + UTC.format(stamp));
        line("DTSTART:" + UTC.format(start));
        line("DTEND:" + UTC.format(event.occurrence().end()));
        line("SUMMARY:"
                + escaped(
                        (freeze ? "Freeze: " : "Maintenance: ") + event.entry().title()));
        if (!event.entry().reason().isEmpty()) {
            line("DESCRIPTION:" + escaped(event.entry().reason()));
        }
        line("CATEGORIES:" + (freeze ? "FREEZE" : "WINDOW"));
        line("TRANSP:TRANSPARENT");
        line("END:VEVENT");
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replace("\r\n", "\n")
                .replace("\n", "\\n")
                .replaceAll("\\p{Cntrl}", "");
    }

    /** A line, folded between characters; each further part begins with a space that counts. */
    private void line(String content) {
        int octets = 0;
        for (int at = 0; at < content.length(); ) {
            int character = content.codePointAt(at);
            String one = Character.toString(character);
            int length = one.getBytes(StandardCharsets.UTF_8).length;
            if (octets + length > OCTETS) {
                text.append("\r\n ");
                octets = 1;
            }
            text.append(one);
            octets += length;
            at += Character.charCount(character);
        }
        text.append("\r\n");
    }
}
