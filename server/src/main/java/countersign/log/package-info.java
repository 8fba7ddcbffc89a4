/** The append-only Merkle log: entries, tiles, proofs, checkpoints. */
@NullMarked
package countersign.log;

import org.jspecify.annotations.NullMarked;
