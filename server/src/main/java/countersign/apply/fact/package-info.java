/** What targets themselves say: what was installed there last, and how much room they have. */
@NullMarked
package countersign.apply.fact;

import org.jspecify.annotations.NullMarked;
