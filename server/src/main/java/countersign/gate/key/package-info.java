/** Keys that their owners revoked: the signed text, and what follows from all of them. */
@NullMarked
package countersign.gate.key;

import org.jspecify.annotations.NullMarked;
