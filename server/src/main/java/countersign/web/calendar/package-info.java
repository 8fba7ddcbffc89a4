/** Calendars over HTTP: what is coming, as JSON and as an iCalendar feed. */
@NullMarked
package countersign.web.calendar;

import org.jspecify.annotations.NullMarked;
