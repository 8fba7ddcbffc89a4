package countersign.change.discussion;

import countersign.change.event.Happening;
import countersign.change.event.InMemoryEventStore;
import countersign.manifest.ChangeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Comments in memory. Thread-safe: every method holds its lock. */
public final class InMemoryCommentStore implements CommentStore {
    private final TreeMap<Long, Comment> comments = new TreeMap<>();
    private final Map<Long, List<Comment.Version>> versions = new HashMap<>();
    private final InMemoryEventStore events;
    private long highest;

    /** @param events takes what happens */
    public InMemoryCommentStore(InMemoryEventStore events) {
        this.events = events;
    }

    @Override
    public synchronized long nextId() {
        highest++;
        return highest;
    }

    @Override
    public synchronized void add(Comment comment, List<Happening> happenings) {
        comments.put(comment.id(), comment);
        events.append(happenings);
    }

    @Override
    public synchronized void replace(Comment before, Comment after, List<Happening> happenings) {
        if (!before.text().equals(after.text())) {
            versions.computeIfAbsent(before.id(), id -> new ArrayList<>())
                    .add(new Comment.Version(
                            before.edits(),
                            before.editedAt() == null ? before.createdAt() : before.editedAt(),
                            before.text()));
        }
        comments.put(after.id(), after);
        events.append(happenings);
    }

    @Override
    public synchronized Optional<Comment> find(long id) {
        return Optional.ofNullable(comments.get(id));
    }

    @Override
    public synchronized int count(ChangeId change) {
        return (int) comments.values().stream()
                .filter(comment -> comment.change().equals(change))
                .count();
    }

    @Override
    public synchronized List<Comment> list(Query query) {
        return comments.tailMap(query.after(), false).values().stream()
                .filter(comment -> comment.change().equals(query.change()))
                .filter(comment -> !query.unresolved() || isOpen(comment.thread()))
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized List<Comment.Version> versions(long id) {
        return List.copyOf(versions.getOrDefault(id, List.of()));
    }

    private boolean isOpen(long thread) {
        Comment first = comments.get(thread);
        return first == null || first.resolution() == null;
    }
}
