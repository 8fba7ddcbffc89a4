/** Calendars: when maintenance windows and freezes begin and end, and what they are about. Pure; no clock. */
@NullMarked
package countersign.gate.calendar;

import org.jspecify.annotations.NullMarked;
