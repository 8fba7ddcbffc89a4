package countersign.repository;

class InMemoryRepositoryTest extends RepositoryContract {
    @Override
    protected Repository open() {
        return new InMemoryRepository();
    }
}
