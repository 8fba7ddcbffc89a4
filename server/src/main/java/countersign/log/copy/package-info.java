/** A log away from its server: reading one that somebody else keeps, proving one entry of it, and keeping a copy whole. */
@NullMarked
package countersign.log.copy;

import org.jspecify.annotations.NullMarked;
