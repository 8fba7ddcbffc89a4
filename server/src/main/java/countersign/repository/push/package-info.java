/** How pushes arrive: what Git's transport asks, and who decides about a push. */
@NullMarked
package countersign.repository.push;

import org.jspecify.annotations.NullMarked;
