/** Trees and commits as objects of Git, byte for byte, and a repository that keeps them in memory. */
@NullMarked
package countersign.repository.object;

import org.jspecify.annotations.NullMarked;
