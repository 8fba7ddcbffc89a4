package countersign.manifest;

import countersign.codec.Sha256;

/**
 * A unit as one snapshot wants it, by its digests alone.
 *
 * @param unit target and system
 * @param state digest of the files
 * @param plan digest of everything that executes or routes
 */
record UnitDigests(Unit unit, Sha256 state, Sha256 plan) {
    static UnitDigests of(UnitContent content) {
        return new UnitDigests(content.unit(), content.stateDigest(), content.planDigest());
    }
}
