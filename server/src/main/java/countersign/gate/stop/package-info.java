/** The stop of all merges: what is signed to order one, who may, and whether one stands. */
@NullMarked
package countersign.gate.stop;

import org.jspecify.annotations.NullMarked;
