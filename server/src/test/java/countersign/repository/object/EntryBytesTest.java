package countersign.repository.object;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Sha256;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That trees which are made from earlier ones are the same bytes as if they were made anew. */
final class EntryBytesTest {
    private static final EntryBytes.Form NAMES = new EntryBytes.Form() {
        @Override
        public int maximalLength(TreeEntry entry) {
            return entry.name().length() * 3;
        }

        @Override
        public void put(TreeEntry entry, ByteBuffer bytes) {
            Trees.putText(bytes, entry.name());
        }
    };

    @Test
    void what_is_added_altered_or_taken_away_is_all_that_differs() {
        EntryBytes start = EntryBytes.NONE.with(entries("a", "bb", "ü", "z"), NAMES);

        assertThat(text(start)).isEqualTo("abbüz");
        assertThat(start.ends()).containsExactly(1, 3, 5, 6);
        assertThat(text(start.with(entries("a", "bb", "c", "ü", "z"), NAMES))).isEqualTo("abbcüz");
        assertThat(text(start.with(entries("bb", "ü", "z"), NAMES))).isEqualTo("bbüz");
        assertThat(text(start.with(entries("a", "bb", "ü", "z", "zz"), NAMES))).isEqualTo("abbüzzz");
        assertThat(text(start.with(entries("1", "a", "bb", "ü", "z"), NAMES))).isEqualTo("1abbüz");
        assertThat(text(start.with(entries("a", "a", "bb", "ü", "z"), NAMES))).isEqualTo("aabbüz");
        assertThat(text(start.with(List.of(), NAMES))).isEmpty();
        assertThat(text(start.with(entries("a", "bb", "ü", "z"), NAMES))).isEqualTo("abbüz");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void a_chain_of_random_differences_ends_where_a_new_start_does(long seed) {
        Random random = new Random(seed);
        List<String> names = new ArrayList<>();
        EntryBytes bytes = EntryBytes.NONE;
        for (int step = 0; step < 300; step++) {
            alter(names, random);
            bytes = bytes.with(entries(names.toArray(new String[0])), NAMES);

            EntryBytes anew = EntryBytes.NONE.with(bytes.entries(), NAMES);
            assertThat(bytes.bytes()).isEqualTo(anew.bytes());
            assertThat(bytes.ends()).isEqualTo(anew.ends());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_tree_that_was_edited_many_times_has_the_id_and_the_root_of_its_files(long seed) {
        Random random = new Random(seed);
        InMemoryRepository edited = new InMemoryRepository();
        Map<String, String> files = new TreeMap<>();
        String tree = Trees.EMPTY;
        for (int step = 0; step < 120; step++) {
            tree = edited.edit(tree, edits(files, random, 3));
            Snapshot present = edited.snapshotOfTree(tree);
            Sha256 root = present.contentRoot();

            Snapshot anew = write(files);
            assertThat(present.treeId()).isEqualTo(anew.treeId());
            assertThat(root).isEqualTo(anew.contentRoot());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 60, 180})
    void a_tree_that_is_only_read_has_the_root_of_its_files_whatever_tree_it_is_held_against(int folders) {
        Random random = new Random(folders);
        InMemoryRepository.Heap objects = new InMemoryRepository.Heap();
        Trees writer = new Trees(objects);
        Trees reader = new Trees(objects);
        Map<String, String> files = new TreeMap<>();
        List<Snapshot> earlier = new ArrayList<>(List.of(reader.snapshot(Trees.EMPTY)));
        String tree = Trees.EMPTY;
        for (int step = 0; step < 120; step++) {
            tree = writer.edit(tree, edits(files, random, folders));
            Snapshot present = reader.snapshot(tree);
            int against = random.nextInt(4) == 0 ? random.nextInt(earlier.size()) : earlier.size() - 1;
            Sha256 root = present.contentRootSince(earlier.get(against));

            assertThat(root).isEqualTo(write(files).contentRoot());
            earlier.add(present);
        }
    }

    @Test
    void a_folder_that_takes_the_name_of_a_file_is_held_against_nothing() {
        InMemoryRepository.Heap objects = new InMemoryRepository.Heap();
        Trees writer = new Trees(objects);
        Trees reader = new Trees(objects);
        Snapshot file = reader.snapshot(writer.edit(null, Map.of("a", write("1"))));
        Snapshot folder = reader.snapshot(writer.edit(null, Map.of("a/b", write("1"))));

        assertThat(folder.contentRootSince(file))
                .isEqualTo(write(Map.of("a/b", "1")).contentRoot());
        assertThat(file.contentRootSince(folder))
                .isEqualTo(write(Map.of("a", "1")).contentRoot());
    }

    private static void alter(List<String> names, Random random) {
        if (!names.isEmpty() && random.nextInt(3) == 0) {
            names.remove(random.nextInt(names.size()));
        } else {
            names.add(random.nextInt(names.size() + 1), Integer.toString(random.nextInt(1_000)));
        }
    }

    private static Map<String, Edit> edits(Map<String, String> files, Random random, int folders) {
        Map<String, Edit> edits = new HashMap<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String path = random.nextInt(folders) + "/" + random.nextInt(180 / folders);
            if (files.containsKey(path) && random.nextBoolean()) {
                files.remove(path);
                edits.put(path, new Edit.Delete());
            } else {
                String text = Integer.toString(random.nextInt());
                files.put(path, text);
                edits.put(path, write(text));
            }
        }
        return edits;
    }

    private static Snapshot write(Map<String, String> files) {
        InMemoryRepository repository = new InMemoryRepository();
        Map<String, Edit> edits = new HashMap<>();
        files.forEach((path, text) -> edits.put(path, write(text)));
        return repository.snapshotOfTree(repository.edit(null, edits));
    }

    private static Edit write(String text) {
        return new Edit.Write(FileMode.REGULAR, text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<TreeEntry> entries(String... names) {
        List<TreeEntry> entries = new ArrayList<>();
        for (String name : names) {
            entries.add(new TreeEntry(name, FileMode.REGULAR.octal(), Trees.EMPTY));
        }
        return List.copyOf(entries);
    }

    private static String text(EntryBytes bytes) {
        return new String(bytes.bytes(), StandardCharsets.UTF_8);
    }
}
