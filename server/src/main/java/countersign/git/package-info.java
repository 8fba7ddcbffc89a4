/** The repository on JGit: objects, refs, smart HTTP with quarantine, packing. */
@NullMarked
package countersign.git;

import org.jspecify.annotations.NullMarked;
