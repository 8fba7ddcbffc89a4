package countersign.change.discussion;

import countersign.change.event.Happening;
import countersign.manifest.ChangeId;
import java.util.List;
import java.util.Optional;

/** Keeps comments. Thread-safe. What a method wrote is kept together with what happened by it, and survives a power cut. */
public interface CommentStore {
    /** An id that no other comment has or will have. */
    long nextId();

    /** Keeps a new comment. */
    void add(Comment comment, List<Happening> happenings);

    /** Replaces a comment; what it said before is kept as a version if it now says something else. */
    void replace(Comment before, Comment after, List<Happening> happenings);

    Optional<Comment> find(long id);

    /** How many comments a change has. */
    int count(ChangeId change);

    /** Comments, oldest first. */
    List<Comment> list(Query query);

    /** What a comment said before, oldest first; without what it says now. */
    List<Comment.Version> versions(long id);

    /**
     * Which comments.
     *
     * @param change of this change
     * @param after only those with a higher id
     * @param unresolved only those of threads that are not resolved
     * @param limit at most so many
     */
    record Query(ChangeId change, long after, boolean unresolved, int limit) {}
}
