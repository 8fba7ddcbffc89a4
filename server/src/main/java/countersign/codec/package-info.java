/** JSON in and out, canonical bytes, positions, digests, and the shape of a refusal. */
@NullMarked
package countersign.codec;

import org.jspecify.annotations.NullMarked;
