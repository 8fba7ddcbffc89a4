/** What a branch of a clone would do to main, worked out in the clone by the rules of the server. */
@NullMarked
package countersign.merge.clone;

import org.jspecify.annotations.NullMarked;
