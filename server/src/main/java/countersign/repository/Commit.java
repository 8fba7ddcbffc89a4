package countersign.repository;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit as stored.
 *
 * @param id Git object id
 * @param treeId id of its tree
 * @param parents ids of its parents, first parent first
 * @param author who wrote it, as claimed
 * @param committer who committed it, as claimed
 * @param message the whole message
 * @param signature armored signature of the {@code gpgsig} header, or null
 * @param signedPayload the exact bytes the signature covers: the commit object without its {@code gpgsig} header
 */
public record Commit(
        String id,
        String treeId,
        List<String> parents,
        Identity author,
        Identity committer,
        String message,
        @Nullable String signature,
        byte[] signedPayload) {
    /**
     * Name, e-mail and time as a commit carries them; a claim, not a fact.
     *
     * @param name display name
     * @param email e-mail address
     * @param when seconds precision
     */
    public record Identity(String name, String email, Instant when) {}

    public Commit {
        parents = List.copyOf(parents);
    }
}
