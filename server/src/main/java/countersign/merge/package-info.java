/** What a branch would do to main, whether it may, and the one order in which it does. */
@NullMarked
package countersign.merge;

import org.jspecify.annotations.NullMarked;
