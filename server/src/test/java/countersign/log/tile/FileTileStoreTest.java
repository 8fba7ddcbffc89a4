package countersign.log.tile;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileTileStoreTest extends TileStoreContract {
    @TempDir
    private Path folder;

    @Override
    TileStore store() {
        return new FileTileStore(folder);
    }
}
