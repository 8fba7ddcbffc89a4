/** Whether a disk takes what is written to it, and why it does not. */
@NullMarked
package countersign.codec.disk;

import org.jspecify.annotations.NullMarked;
