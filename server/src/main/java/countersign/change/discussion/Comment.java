package countersign.change.discussion;

import countersign.manifest.ChangeId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a person said about a change. The first of a thread says what the thread is about, and whether it is
 * resolved.
 *
 * @param id counts the comments of the repository from 1
 * @param change what it is about
 * @param thread id of the thread's first comment
 * @param subject what of the change the thread is about; of the first comment only
 * @param person who said it
 * @param createdAt when
 * @param text Markdown, as it was written last
 * @param edits how often it was altered
 * @param editedAt when it was altered last; null if it never was
 * @param resolution who resolved the thread; null if it is not resolved, and of every comment but the first
 */
public record Comment(
        long id,
        ChangeId change,
        long thread,
        Subject subject,
        String person,
        Instant createdAt,
        String text,
        int edits,
        @Nullable Instant editedAt,
        @Nullable Resolution resolution) {
    /** Who closed a thread, and when. */
    public record Resolution(String person, Instant at) {}

    /**
     * What of a change is meant: a path, a line of it, a requirement of its gate, or all of it.
     *
     * @param path a file; null if none is meant
     * @param line line of the file from 1, as the newest revision had it; null for all of it
     * @param requirement rule of a requirement; null if none is meant
     * @param commit the newest revision when it was said
     */
    public record Subject(
            @Nullable String path,
            @Nullable Integer line,
            @Nullable String requirement,
            String commit) {}

    /** What a comment said before it was altered. */
    public record Version(int number, Instant at, String text) {}

    public boolean first() {
        return id == thread;
    }

    Comment edited(String next, Instant at) {
        return new Comment(id, change, thread, subject, person, createdAt, next, edits + 1, at, resolution);
    }

    Comment resolved(@Nullable Resolution by) {
        return new Comment(id, change, thread, subject, person, createdAt, text, edits, editedAt, by);
    }
}
