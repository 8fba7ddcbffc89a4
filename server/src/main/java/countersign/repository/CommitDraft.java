package countersign.repository;

import java.util.List;

/**
 * A commit to be written.
 *
 * @param treeId id of a tree that exists in the repository
 * @param parents commit ids, first parent first
 * @param author author line
 * @param committer committer line
 * @param message the whole message, ending in LF
 */
public record CommitDraft(
        String treeId, List<String> parents, Commit.Identity author, Commit.Identity committer, String message) {
    public CommitDraft {
        parents = List.copyOf(parents);
    }
}
