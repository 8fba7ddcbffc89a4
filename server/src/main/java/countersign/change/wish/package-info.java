/** What people ask for: a change to open, merges to name bad, and a text to sign, which is drafted here. */
@NullMarked
package countersign.change.wish;

import org.jspecify.annotations.NullMarked;
