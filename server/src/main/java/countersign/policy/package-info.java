/** Rules written in CEL over documents and changes: what they find and how grave it is. */
@NullMarked
package countersign.policy;

import org.jspecify.annotations.NullMarked;
