package countersign.log.tile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link TileStore} promises. */
abstract class TileStoreContract {
    abstract TileStore store();

    @Test
    void what_was_written_is_read() {
        TileStore store = store();

        store.write("tile/0/x001/000", "hashes".getBytes(UTF_8));
        store.write("tile/entries/000.p/7", "entries".getBytes(UTF_8));
        store.write("checkpoint", "note".getBytes(UTF_8));

        assertThat(store.read("tile/0/x001/000")).contains("hashes".getBytes(UTF_8));
        assertThat(store.read("tile/entries/000.p/7")).contains("entries".getBytes(UTF_8));
        assertThat(store.read("checkpoint")).contains("note".getBytes(UTF_8));
    }

    @Test
    void what_was_not_written_is_absent() {
        assertThat(store().read("checkpoint")).isEmpty();
        assertThat(store().read("tile/0/000")).isEmpty();
    }

    @Test
    void a_second_write_takes_the_place_of_the_first() {
        TileStore store = store();

        store.write("checkpoint", "first".getBytes(UTF_8));
        store.write("checkpoint", "2nd".getBytes(UTF_8));

        assertThat(store.read("checkpoint")).contains("2nd".getBytes(UTF_8));
    }

    @Test
    void the_stored_bytes_are_not_those_of_the_caller() {
        TileStore store = store();
        byte[] bytes = {1, 2, 3};

        store.write("checkpoint", bytes);
        bytes[0] = 9;
        store.read("checkpoint").orElseThrow()[1] = 9;

        assertThat(store.read("checkpoint")).contains(new byte[] {1, 2, 3});
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../checkpoint", "tile/0/../../x", "/etc/passwd", "tile/0/0", "checkpoint/"})
    void other_paths_are_refused(String path) {
        TileStore store = store();

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> store.write(path, new byte[] {1}));

        assertThat(refusal.rule()).isEqualTo("malformed-tile-path");
        assertThat(store.read(path)).isEmpty();
    }

    @Test
    void a_reader_never_sees_half_of_a_write() {
        TileStore store = store();
        byte[] zeros = new byte[TilePath.FULL * 32];
        byte[] ones = new byte[TilePath.FULL * 32];
        Arrays.fill(ones, (byte) 1);
        store.write("tile/0/000", zeros);

        CompletableFuture<Void> writer = CompletableFuture.runAsync(() ->
                IntStream.range(0, 200).forEach(i -> store.write("tile/0/000", i % 2 == 0 ? ones : zeros)));

        while (!writer.isDone()) {
            assertThat(store.read("tile/0/000").orElseThrow()).isIn(zeros, ones);
        }
        writer.join();
    }
}
