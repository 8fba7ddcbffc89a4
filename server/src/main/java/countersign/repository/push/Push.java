package countersign.repository.push;

import countersign.repository.Commit;
import countersign.repository.Repository;
import countersign.repository.TreeEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One push, as a {@link PushPolicy} sees it. Used by the one thread that serves it and only while it does. */
public interface Push {
    /** Name of the authenticated person. */
    String pusher();

    /** The texts of {@code git push -o}, in order. */
    List<String> options();

    /** What is to happen to which ref, at least one. */
    List<Update> updates();

    /**
     * The repository with the pushed objects in it; until the push is accepted this view alone has them. Refs are those
     * before the push. What is written to it before acceptance vanishes; it moves no refs.
     */
    Repository view();

    /** The commits that no ref reached before, no parent before its child. */
    List<Commit> newCommits();

    /**
     * Every file of every new commit that is in none of that commit's parents: each blob that enters the repository is
     * among them. Ordered as {@link #newCommits()}, then by path.
     */
    List<NewFile> newFiles();

    /** A blob's bytes; a Refusal {@code too-large} above maxBytes, {@code no-such-file} if it is not there. */
    byte[] read(String blobId, int maxBytes);

    /** Shows a line to the pusher, as {@code remote: …}. */
    void say(String line);

    /**
     * What is asked for one ref.
     *
     * @param ref full name; under {@code refs/heads/} or {@code refs/tags/}
     * @param before the commit it points to; null if it does not exist
     * @param after the commit it is to point to; null if it is to be deleted
     */
    record Update(
            String ref, @Nullable String before, @Nullable String after, Kind kind) {}

    /** How a ref is to move. */
    enum Kind {
        CREATE,
        FAST_FORWARD,
        /** The commit before is not among the ancestors of the commit after. */
        FORCE,
        DELETE
    }

    /**
     * A file that a new commit brings.
     *
     * @param commitId the commit
     * @param path its path in that commit
     * @param entry name, mode (any that Git knows: {@code 120000} is a symbolic link, {@code 160000} a commit of
     *     another repository, which has no bytes here) and id
     * @param size bytes; 0 for a commit of another repository
     */
    record NewFile(String commitId, String path, TreeEntry entry, long size) {}
}
