/** Policies played over what has been merged: what they would have said, before they are switched on. */
@NullMarked
package countersign.audit.rehearsal;

import org.jspecify.annotations.NullMarked;
