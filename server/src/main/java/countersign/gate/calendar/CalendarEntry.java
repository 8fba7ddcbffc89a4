package countersign.gate.calendar;

import countersign.codec.Fields;
import java.time.ZoneId;

/**
 * A maintenance window or a freeze.
 *
 * @param name unique in its calendar
 * @param title one line for people; the name if it has none
 * @param reason why it stands there; may be empty for a window
 * @param timing when it happens
 * @param match what it is about, within what the calendar is about
 */
public record CalendarEntry(String name, String title, String reason, Timing timing, CalendarScope match) {
    static CalendarEntry of(Fields entry, ZoneId zone) {
        String name = entry.text("name");
        return new CalendarEntry(
                name,
                entry.textOr("title", name),
                entry.textOr("reason", ""),
                Timing.of(entry, zone),
                CalendarScope.of(entry.objectOrNull("match")));
    }

    public boolean isAbout(Touch touch) {
        return match.matches(touch);
    }
}
