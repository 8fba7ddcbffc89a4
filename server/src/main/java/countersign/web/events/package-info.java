/** Events over HTTP: in pages, by waiting for the next, and as a stream. */
@NullMarked
package countersign.web.events;

import org.jspecify.annotations.NullMarked;
