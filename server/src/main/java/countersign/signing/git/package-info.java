/** Signatures as Git has them: in commits, and in the file that says which keys to believe. */
@NullMarked
package countersign.signing.git;

import org.jspecify.annotations.NullMarked;
