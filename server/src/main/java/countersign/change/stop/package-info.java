/** Taking in orders to stop everything and to go on. */
@NullMarked
package countersign.change.stop;

import org.jspecify.annotations.NullMarked;
