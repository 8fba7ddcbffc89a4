package countersign.change.event;

final class InMemoryEventStoreTest extends EventStoreContract {
    @Override
    protected EventStore store() {
        return new InMemoryEventStore();
    }
}
