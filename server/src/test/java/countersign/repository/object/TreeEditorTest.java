package countersign.repository.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TreeEditorTest {
    /** Git has the folder {@code a} behind {@code a-b} and {@code a.b}, and before {@code a0}. */
    private static final List<String> PATHS =
            List.of("a", "a/x", "a/y", "a-b", "a.b", "a.b/x", "a0", "b", "b/x/y", "b/x/z", "b.c", "c");

    private final Repository repository = new InMemoryRepository();

    @Test
    void a_tree_that_was_edited_often_is_the_one_that_is_written_at_once() {
        Random random = new Random(11);
        Map<String, String> wanted = new TreeMap<>();
        String tree = Trees.EMPTY;
        for (int round = 0; round < 500; round++) {
            Map<String, Edit> edits = new HashMap<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                edit(PATHS.get(random.nextInt(PATHS.size())), "round " + round, wanted, edits);
            }
            tree = repository.edit(tree, edits);

            Map<String, Edit> all = new HashMap<>();
            wanted.forEach((path, text) -> all.put(path, write(text)));
            assertThat(tree).isEqualTo(repository.edit(null, all));
        }
    }

    /** Writes a path, or deletes what stands there; leaves out what another one is in the way of. */
    private static void edit(String path, String text, Map<String, String> wanted, Map<String, Edit> edits) {
        boolean inTheWay = wanted.keySet().stream().anyMatch(other -> isWithin(path, other) || isWithin(other, path))
                || edits.keySet().stream().anyMatch(other -> isWithin(path, other) || isWithin(other, path));
        if (inTheWay || edits.containsKey(path)) {
            return;
        }
        if (wanted.remove(path) == null) {
            wanted.put(path, text);
            edits.put(path, write(text));
        } else {
            edits.put(path, new Edit.Delete());
        }
    }

    private static boolean isWithin(String path, String folder) {
        return path.startsWith(folder + "/");
    }

    private static Edit write(String text) {
        return new Edit.Write(FileMode.REGULAR, text.getBytes(UTF_8));
    }
}
