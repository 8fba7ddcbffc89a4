/** Values of documents as engine 1 writes them: as text of configuration files, and in canonical form. */
@NullMarked
package countersign.manifest.rendering;

import org.jspecify.annotations.NullMarked;
