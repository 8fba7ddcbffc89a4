/** Whether a whole tree holds together: references, names, trust, and policies that can be evaluated. */
@NullMarked
package countersign.merge.integrity;

import org.jspecify.annotations.NullMarked;
