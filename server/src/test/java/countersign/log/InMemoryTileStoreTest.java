package countersign.log;

class InMemoryTileStoreTest extends TileStoreContract {
    private final TileStore store = new InMemoryTileStore();

    @Override
    TileStore store() {
        return store;
    }
}
