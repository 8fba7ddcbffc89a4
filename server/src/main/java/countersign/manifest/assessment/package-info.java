/** How grave and how pressing a change is, by tables that the repository keeps. */
@NullMarked
package countersign.manifest.assessment;

import org.jspecify.annotations.NullMarked;
