package countersign.web.api.view;

import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A signed statement in answers.
 *
 * @param index place of its entry in the record log
 * @param manifest digest of what it decides about
 * @param key fingerprint of the key that signed it
 * @param statement the signed text, byte for byte
 * @param signature the armored SSHSIG
 */
public record VoteView(
        long index,
        String person,
        String role,
        String decision,
        String manifest,
        String reason,
        @Nullable String rule,
        String client,
        String issuedAt,
        String expires,
        String loggedAt,
        String key,
        String statement,
        String signature) {
    /** All statements about a change, in the order of the log. */
    public record VoteList(List<VoteView> items) {}

    public static VoteView of(Vote vote) {
        Statement statement = vote.statement();
        return new VoteView(
                vote.index(),
                statement.person(),
                statement.role(),
                statement.decision().label(),
                vote.manifest().hex(),
                statement.reason(),
                statement.rule(),
                statement.provenance().client(),
                statement.provenance().issuedAt().toString(),
                statement.expires().toString(),
                vote.loggedAt().toString(),
                vote.keyFingerprint(),
                new String(vote.bytes(), StandardCharsets.UTF_8),
                vote.armored());
    }
}
