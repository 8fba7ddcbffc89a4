package countersign.gate.calendar;

import java.util.Set;

/**
 * One thing that a change touches, as calendars look at it: a path as one document speaks for it.
 *
 * @param path the path
 * @param environments environments of the document and of the targets that it reaches through it
 * @param systems name of the SystemConfig; empty if the document is none
 * @param targets names of these targets
 * @param calendars names of the Calendars that the document itself asks for
 */
public record Touch(
        String path, Set<String> environments, Set<String> systems, Set<String> targets, Set<String> calendars) {
    public Touch {
        environments = Set.copyOf(environments);
        systems = Set.copyOf(systems);
        targets = Set.copyOf(targets);
        calendars = Set.copyOf(calendars);
    }

    /** A path that no document speaks for. */
    public static Touch plain(String path) {
        return new Touch(path, Set.of(), Set.of(), Set.of(), Set.of());
    }
}
