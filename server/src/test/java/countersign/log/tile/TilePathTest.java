package countersign.log.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TilePathTest {
    @ParameterizedTest
    @CsvSource({
        "tile/0/000, 0, 0, 256",
        "tile/0/000.p/1, 0, 0, 1",
        "tile/entries/x001/x234/067, entries, 1234067, 256",
        "tile/entries/x001/x234/067.p/255, entries, 1234067, 255",
        "tile/7/999, 7, 999, 256",
        "tile/1/x001/000, 1, 1000, 256",
    })
    void a_path_has_one_text(String text, String row, long number, int width) {
        TilePath path = new TilePath(row, number, width);

        assertThat(path).hasToString(text);
        assertThat(TilePath.find(text)).contains(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "checkpoint",
                "tile/0/0",
                "tile/8/000",
                "tile/00/000",
                "tile/-1/000",
                "tile/0/x000/001",
                "tile/0/x001",
                "tile/0/001/002",
                "tile/0/000.p/0",
                "tile/0/000.p/01",
                "tile/0/000.p/256",
                "tile/0/000.p/999",
                "tile/0/000/",
                "tile/0/../000",
                "/tile/0/000",
                "tile/data/000",
                "tile/0/x001/x001/x001/x001/x001/x001/001",
                "tile/0/\u0660\u0660\u0660",
            })
    void other_texts_are_no_paths(String text) {
        assertThat(TilePath.find(text)).isEmpty();
    }

    @Test
    void a_tree_of_256_has_full_tiles_and_one_hash_above() {
        assertThat(TilePath.of(256))
                .map(TilePath::toString)
                .containsExactly("tile/entries/000", "tile/0/000", "tile/1/000.p/1");
    }

    @Test
    void an_empty_tree_has_no_tiles() {
        assertThat(TilePath.of(0)).isEmpty();
    }

    @Test
    void a_tree_of_70000_has_273_full_tiles_and_three_levels() {
        List<String> paths =
                TilePath.of(70_000).stream().map(TilePath::toString).toList();

        assertThat(paths).hasSize(274 + 274 + 2 + 1);
        assertThat(paths)
                .contains("tile/0/272", "tile/0/273.p/112", "tile/entries/273.p/112")
                .contains("tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1")
                .doesNotContain("tile/0/273", "tile/1/001", "tile/3/000.p/1");
    }

    @Test
    void a_path_that_no_log_has_is_refused() {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> TilePath.requireFile("../secret"));

        assertThat(refusal.rule()).isEqualTo("malformed-tile-path");
    }
}
