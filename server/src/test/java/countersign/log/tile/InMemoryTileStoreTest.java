package countersign.log.tile;

class InMemoryTileStoreTest extends TileStoreContract {
    private final TileStore store = new InMemoryTileStore();

    @Override
    TileStore store() {
        return store;
    }
}
