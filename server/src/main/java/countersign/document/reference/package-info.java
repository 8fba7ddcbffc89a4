/** Which documents name which: dangling names, cycles, and what a change reaches. */
@NullMarked
package countersign.document.reference;

import org.jspecify.annotations.NullMarked;
