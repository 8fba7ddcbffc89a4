/** The append-only Merkle log: entries, checkpoints, proofs, and the journal they are forced to. */
@NullMarked
package countersign.log;

import org.jspecify.annotations.NullMarked;
