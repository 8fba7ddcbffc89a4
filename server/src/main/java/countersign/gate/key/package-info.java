/** Keys that their owners revoked: the signed text, what follows from all of them, and what a compromise taints. */
@NullMarked
package countersign.gate.key;

import org.jspecify.annotations.NullMarked;
