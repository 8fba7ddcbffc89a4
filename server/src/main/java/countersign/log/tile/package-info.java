/** The log's tree and its files: Merkle hashing and proofs, tiles and entry bundles by path. */
@NullMarked
package countersign.log.tile;

import org.jspecify.annotations.NullMarked;
