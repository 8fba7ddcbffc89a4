/** Tokens by which people use the server, and the one decision about what a token may do. */
@NullMarked
package countersign.account;

import org.jspecify.annotations.NullMarked;
