/** What happens to changes, and to all of them at once, in one order, for whoever watches. */
@NullMarked
package countersign.change.event;

import org.jspecify.annotations.NullMarked;
