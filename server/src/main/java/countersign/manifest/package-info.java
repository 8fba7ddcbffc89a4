/** The exact effect of a change and its canonical bytes: what people sign. */
@NullMarked
package countersign.manifest;

import org.jspecify.annotations.NullMarked;
