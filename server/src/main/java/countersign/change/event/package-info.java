/** What happens to changes, in one order, for whoever watches. */
@NullMarked
package countersign.change.event;

import org.jspecify.annotations.NullMarked;
