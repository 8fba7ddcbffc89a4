/** Tokens, sessions and passwords over HTTP. */
@NullMarked
package countersign.web.account;

import org.jspecify.annotations.NullMarked;
