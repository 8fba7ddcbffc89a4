package countersign.history;

final class InMemoryHistoryStoreTest extends HistoryStoreContract {
    @Override
    protected HistoryStore store() {
        return new InMemoryHistoryStore();
    }
}
