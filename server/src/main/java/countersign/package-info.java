/** The wiring: configuration, the composition of the rooms, and the entry point. */
@NullMarked
package countersign;

import org.jspecify.annotations.NullMarked;
