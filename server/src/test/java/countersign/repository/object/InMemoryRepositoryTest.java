package countersign.repository.object;

import countersign.repository.Repository;
import countersign.repository.RepositoryContract;

class InMemoryRepositoryTest extends RepositoryContract {
    @Override
    protected Repository open() {
        return new InMemoryRepository();
    }
}
