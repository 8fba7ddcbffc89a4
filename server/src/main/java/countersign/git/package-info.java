/** The repository on JGit: its refs, its packs, and when what is new gets files. */
@NullMarked
package countersign.git;

import org.jspecify.annotations.NullMarked;
