/** Systems that are written as differences from a base: what they are, and where each value comes from. */
@NullMarked
package countersign.document.overlay;

import org.jspecify.annotations.NullMarked;
