/** Signing in to a server by password, and out again. */
@NullMarked
package countersign.cli.session;

import org.jspecify.annotations.NullMarked;
