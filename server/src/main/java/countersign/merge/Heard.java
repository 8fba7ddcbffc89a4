package countersign.merge;

import countersign.gate.circumstance.Circumstances;
import countersign.gate.vote.Vote;
import java.util.List;
import java.util.Set;

/**
 * What the log says about a change before its merge.
 *
 * @param votes statements about it, in order
 * @param revokedKeys fingerprints of keys that are revoked
 * @param circumstances what else bears on it
 */
public record Heard(List<Vote> votes, Set<String> revokedKeys, Circumstances circumstances) {
    public Heard {
        votes = List.copyOf(votes);
        revokedKeys = Set.copyOf(revokedKeys);
    }

    /** Nothing. */
    public static Heard nothing() {
        return new Heard(List.of(), Set.of(), Circumstances.none());
    }
}
