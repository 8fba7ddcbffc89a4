package countersign.gate.calendar;

import java.time.Instant;

/**
 * One time that an entry of a calendar happens.
 *
 * @param start first moment
 * @param end first moment behind it
 */
public record Occurrence(Instant start, Instant end) {
    public boolean contains(Instant time) {
        return !time.isBefore(start) && time.isBefore(end);
    }
}
