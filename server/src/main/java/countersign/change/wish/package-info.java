/** What people ask for: a change to open, a statement to sign, merges to name bad. */
@NullMarked
package countersign.change.wish;

import org.jspecify.annotations.NullMarked;
