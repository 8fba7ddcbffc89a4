package countersign.change.discussion;

import countersign.change.Changes;
import countersign.change.event.EventType;
import countersign.change.event.Happening;
import countersign.change.store.Change;
import countersign.codec.Refusal;
import countersign.gate.Requirement;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What people say about changes. Nothing of it decides anything: who disagrees signs a rejection. Thread-safe: one
 * alteration at a time.
 */
public final class Discussions {
    private static final int MAX_TEXT = 16_000;
    private static final int MAX_COMMENTS = 2_000;
    private static final int MAX_FILE = 16 << 20;

    /** Characters that a page or a terminal would take for an order; lines and tabs are text. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\\n\\t\\x{200D}]]");

    private final Changes changes;
    private final Repository repository;
    private final CommentStore store;
    private final InstantSource clock;

    public Discussions(Changes changes, Repository repository, CommentStore store, InstantSource clock) {
        this.changes = changes;
        this.repository = repository;
        this.store = store;
        this.clock = clock;
    }

    /**
     * What somebody wants to say.
     *
     * @param text Markdown
     * @param path a file that is meant; null for none
     * @param line a line of it; null for all of it
     * @param requirement rule of a requirement that is meant; null for none
     * @param replyTo a comment of the thread to go on with; null for a new thread
     */
    public record Wish(
            String text,
            @Nullable String path,
            @Nullable Integer line,
            @Nullable String requirement,
            @Nullable Long replyTo) {}

    /** Says something about a change, whatever its state. */
    public synchronized Comment add(String person, String change, Wish wish) {
        Change about = changes.get(change);
        requireText(wish.text());
        if (store.count(about.id()) >= MAX_COMMENTS) {
            throw new Refusal("too-many-comments", about.id() + " has " + MAX_COMMENTS + " comments already");
        }
        Comment first = wish.replyTo() == null ? null : first(about, wish.replyTo());
        Comment.Subject subject = first == null ? subject(about, wish) : replied(first, wish);
        long id = store.nextId();
        long thread = first == null ? id : first.id();
        Comment comment = new Comment(id, about.id(), thread, subject, person, now(), wish.text(), 0, null, null);
        store.add(comment, List.of(happening(EventType.COMMENT_ADDED, comment, person)));
        return comment;
    }

    /** Says it otherwise; only for who said it. What it said before is kept. */
    public synchronized Comment edit(String person, String change, long id, String text) {
        Comment comment = get(change, id);
        if (!comment.person().equals(person)) {
            throw new Refusal("not-yours", "comment " + id + " is " + comment.person() + "'s", "reply to it instead");
        }
        requireText(text);
        if (text.equals(comment.text())) {
            return comment;
        }
        Comment edited = comment.edited(text, now());
        store.replace(comment, edited, List.of(happening(EventType.COMMENT_EDITED, edited, person)));
        return edited;
    }

    /** Closes the thread of a comment. */
    public synchronized Comment resolve(String person, String change, long id) {
        Comment first = first(changes.get(change), id);
        return first.resolution() != null
                ? first
                : replace(
                        first,
                        first.resolved(new Comment.Resolution(person, now())),
                        EventType.THREAD_RESOLVED,
                        person);
    }

    /** Opens the thread of a comment again. */
    public synchronized Comment reopen(String person, String change, long id) {
        Comment first = first(changes.get(change), id);
        return first.resolution() == null
                ? first
                : replace(first, first.resolved(null), EventType.THREAD_REOPENED, person);
    }

    /** Comments of a change, oldest first. */
    public List<Comment> list(String change, long after, boolean unresolved, int limit) {
        return store.list(new CommentStore.Query(changes.get(change).id(), after, unresolved, limit));
    }

    /** What a comment said before, oldest first. */
    public List<Comment.Version> versions(String change, long id) {
        return store.versions(get(change, id).id());
    }

    private Comment replace(Comment before, Comment after, EventType type, String person) {
        store.replace(before, after, List.of(happening(type, after, person)));
        return after;
    }

    private Comment get(String change, long id) {
        return get(changes.get(change), id);
    }

    private Comment get(Change change, long id) {
        return store.find(id)
                .filter(comment -> comment.change().equals(change.id()))
                .orElseThrow(() -> new Refusal("no-such-comment", change.id() + " has no comment " + id));
    }

    /** The first comment of the thread that a comment is in. */
    private Comment first(Change change, long id) {
        Comment comment = get(change, id);
        return comment.first() ? comment : get(change, comment.thread());
    }

    private static Comment.Subject replied(Comment first, Wish wish) {
        if (wish.path() != null || wish.line() != null || wish.requirement() != null) {
            throw new Refusal(
                    "subject-of-thread", "what a thread is about is said by its first comment, not by a reply");
        }
        return first.subject();
    }

    private Comment.Subject subject(Change change, Wish wish) {
        String path = wish.path();
        if (path == null && wish.line() != null) {
            throw new Refusal("missing-field", "a line is of a path, and none is named");
        }
        if (path != null) {
            requirePath(change, path, wish.line());
        }
        String requirement = wish.requirement();
        if (requirement != null) {
            requireRequirement(change, requirement);
        }
        return new Comment.Subject(path, wish.line(), requirement, change.tip().commit());
    }

    private void requireRequirement(Change change, String rule) {
        List<String> rules = changes.gate(change.id().name()).record().requirements().stream()
                .map(Requirement::rule)
                .distinct()
                .toList();
        if (!rules.contains(rule)) {
            throw new Refusal(
                    "unknown-requirement",
                    "the gate of " + change.id() + " has no requirement of that name",
                    "name one of " + String.join(", ", rules) + "; see countersign change gate");
        }
    }

    /** The file is there in the newest revision, or was on main, and has that line. */
    private void requirePath(Change change, String path, @Nullable Integer line) {
        Optional<Snapshot> holding = List.of(change.tip().commit(), changes.main()).stream()
                .map(repository::snapshot)
                .filter(tree ->
                        tree.find(path).filter(found -> !found.isFolder()).isPresent())
                .findFirst();
        if (holding.isEmpty()) {
            throw new Refusal("no-such-file", "neither " + change.id() + " nor main has a file at that path");
        }
        if (line != null) {
            byte[] bytes = holding.get().read(path, MAX_FILE);
            long lines = new String(bytes, StandardCharsets.UTF_8).lines().count();
            if (line < 1 || line > lines) {
                throw new Refusal("no-such-line", path + " has " + lines + " lines, asked for line " + line);
            }
        }
    }

    private static void requireText(String text) {
        if (text.isBlank() || text.length() > MAX_TEXT || CONTROL.matcher(text).find()) {
            throw new Refusal(
                    "malformed-comment",
                    "a comment is text of 1 to " + MAX_TEXT + " characters without control characters, other than new"
                            + " lines and tabs");
        }
    }

    private static Happening happening(EventType type, Comment comment, String person) {
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("comment", comment.id());
        detail.put("thread", comment.thread());
        if (comment.subject().path() != null) {
            detail.put("path", comment.subject().path());
        }
        Instant at = comment.editedAt() == null ? comment.createdAt() : comment.editedAt();
        Comment.Resolution resolution = comment.resolution();
        return new Happening(
                type,
                resolution == null ? at : resolution.at(),
                comment.change().name(),
                person,
                detail);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
