package countersign.change.store;

final class InMemoryChangeStoreTest extends ChangeStoreContract {
    @Override
    protected ChangeStore store() {
        return new InMemoryChangeStore();
    }
}
