package countersign.change.discussion;

import countersign.change.event.EventStore;
import countersign.change.event.InMemoryEventStore;

final class InMemoryCommentStoreTest extends CommentStoreContract {
    private final InMemoryEventStore events = new InMemoryEventStore();

    @Override
    protected CommentStore store() {
        return new InMemoryCommentStore(events);
    }

    @Override
    protected EventStore events() {
        return events;
    }
}
