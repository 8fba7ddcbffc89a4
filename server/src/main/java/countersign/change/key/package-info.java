/** Revoking keys at the server: what is taken in, and which keys are revoked now. */
@NullMarked
package countersign.change.key;

import org.jspecify.annotations.NullMarked;
