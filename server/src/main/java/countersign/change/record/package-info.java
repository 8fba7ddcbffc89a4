/** What Git keeps of a change beside its commits, and the change as that and its request say. */
@NullMarked
package countersign.change.record;

import org.jspecify.annotations.NullMarked;
