package countersign.gate;

import countersign.gate.circumstance.Circumstances;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Manifest;
import countersign.repository.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Everything that decides whether a change may merge.
 *
 * @param manifest its effect, computed against {@code before}
 * @param request its request
 * @param before the tree of main; its rules, people and grants judge
 * @param after the tree that main would have
 * @param votes statements about the change in the order of the log
 * @param revokedKeys fingerprints of keys that their owners revoked
 * @param time T
 * @param circumstances what else the log says that bears on it
 */
public record Scene(
        Manifest manifest,
        ChangeRequest request,
        Snapshot before,
        Snapshot after,
        List<Vote> votes,
        Set<String> revokedKeys,
        Instant time,
        Circumstances circumstances) {
    public Scene {
        votes = List.copyOf(votes);
        revokedKeys = Set.copyOf(revokedKeys);
    }

    /** Without any circumstances. */
    public Scene(
            Manifest manifest,
            ChangeRequest request,
            Snapshot before,
            Snapshot after,
            List<Vote> votes,
            Set<String> revokedKeys,
            Instant time) {
        this(manifest, request, before, after, votes, revokedKeys, time, Circumstances.none());
    }

    Statement.Effect effect() {
        return Statement.Effect.of(manifest, request.title());
    }
}
