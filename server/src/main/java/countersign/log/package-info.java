/** The append-only Merkle log: its entries, its checkpoints, and the one writer that forces and signs them. */
@NullMarked
package countersign.log;

import org.jspecify.annotations.NullMarked;
