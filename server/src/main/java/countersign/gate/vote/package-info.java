/** What people sign and what of it stands: statements, votes, and the ballot that sorts them. */
@NullMarked
package countersign.gate.vote;

import org.jspecify.annotations.NullMarked;
