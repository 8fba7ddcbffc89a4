/** Passwords, kept as hashes. */
@NullMarked
package countersign.signing.password;

import org.jspecify.annotations.NullMarked;
