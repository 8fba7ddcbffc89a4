package countersign.change.store;

import countersign.change.event.EventStore;
import countersign.change.event.InMemoryEventStore;

final class InMemoryChangeStoreTest extends ChangeStoreContract {
    private final InMemoryEventStore events = new InMemoryEventStore();

    @Override
    protected ChangeStore store() {
        return new InMemoryChangeStore(events);
    }

    @Override
    protected EventStore events() {
        return events;
    }
}
