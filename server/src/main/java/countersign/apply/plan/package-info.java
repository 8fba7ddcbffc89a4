/** What a change would alter at its targets, shown before anybody approves it. */
@NullMarked
package countersign.apply.plan;

import org.jspecify.annotations.NullMarked;
