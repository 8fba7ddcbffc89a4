/** Objects and history of a repository of JGit, and the journal that new ones go to before they have files. */
@NullMarked
package countersign.git.object;

import org.jspecify.annotations.NullMarked;
