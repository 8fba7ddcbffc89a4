package countersign.gate.calendar;

import countersign.codec.Fields;
import countersign.document.Document;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * When changes may merge and when not.
 *
 * @param name name of its document
 * @param path path of its document
 * @param zone time zone in which its days and times are meant
 * @param match what it binds, beside what asks for it by name
 * @param windows maintenance windows
 * @param freezes freezes
 * @param overrideRoles roles that may let a change through; empty for none
 * @param overrideMaximum for how long an override holds at most
 */
public record Calendar(
        String name,
        String path,
        ZoneId zone,
        CalendarScope match,
        List<CalendarEntry> windows,
        List<CalendarEntry> freezes,
        List<String> overrideRoles,
        Duration overrideMaximum) {
    /** How many openings of each window are looked at for one that suits everything that a change touches. */
    private static final int OPENINGS_TRIED = 200;

    public Calendar {
        windows = List.copyOf(windows);
        freezes = List.copyOf(freezes);
        overrideRoles = List.copyOf(overrideRoles);
    }

    static Calendar of(Document document) {
        Fields spec = document.spec();
        ZoneId zone = ZoneId.of(spec.text("timeZone"));
        Fields override = spec.objectOrNull("override");
        return new Calendar(
                document.name(),
                document.path(),
                zone,
                CalendarScope.of(spec.objectOrNull("match")),
                entries(spec, "windows", zone),
                entries(spec, "freezes", zone),
                override == null ? List.of() : override.textList("roles"),
                override == null ? Duration.ZERO : override.duration("maximum"));
    }

    /** Whether it is about something that a change touches. */
    public boolean binds(Touch touch) {
        return touch.calendars().contains(name) || match.matches(touch);
    }

    /** The windows of which one must be open for a bound touch; none if it needs no window. */
    public List<CalendarEntry> windowsOf(Touch touch) {
        return windows.stream().filter(window -> window.isAbout(touch)).toList();
    }

    /**
     * When everything can next be touched: all sets of windows have one open and none of the freezes holds; empty if that
     * is not within the next years.
     *
     * @param sets windows of which one must be open, for each thing that is touched
     */
    public Optional<Instant> nextOpening(Set<List<CalendarEntry>> sets, List<CalendarEntry> frozenBy, Instant now) {
        TreeSet<Instant> moments = new TreeSet<>();
        sets.stream()
                .flatMap(List::stream)
                .distinct()
                .forEach(window ->
                        window.timing().after(now, OPENINGS_TRIED).forEach(opening -> moments.add(opening.start())));
        frozenBy.forEach(freeze -> Stream.concat(
                        freeze.timing().findAt(now).stream(), freeze.timing().after(now, OPENINGS_TRIED).stream())
                .forEach(frozen -> moments.add(frozen.end())));
        return moments.stream()
                .filter(moment -> sets.stream().allMatch(windows -> isOpen(windows, moment)))
                .filter(moment -> !isOpen(frozenBy, moment))
                .findFirst();
    }

    /** Whether any of the entries goes on. */
    public static boolean isOpen(List<CalendarEntry> entries, Instant time) {
        return entries.stream().anyMatch(entry -> entry.timing().findAt(time).isPresent());
    }

    private static List<CalendarEntry> entries(Fields spec, String list, ZoneId zone) {
        return spec.objectList(list).stream()
                .map(entry -> CalendarEntry.of(entry, zone))
                .toList();
    }
}
