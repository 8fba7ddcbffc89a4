/** A proposed change from push to confirmed: revisions, votes, states. */
@NullMarked
package countersign.change;

import org.jspecify.annotations.NullMarked;
