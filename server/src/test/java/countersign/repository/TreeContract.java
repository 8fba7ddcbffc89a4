package countersign.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.object.Trees;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every repository does with trees, whatever it stands on. */
@SuppressWarnings("NullAway.Init") // JUnit calls open() before each test
public abstract class TreeContract {
    protected Repository repository;

    /** A new, empty repository. */
    protected abstract Repository open() throws Exception;

    @BeforeEach
    void openRepository() throws Exception {
        repository = open();
    }

    @AfterEach
    void closeRepository() {
        repository.close();
    }

    @Test
    void the_same_files_have_the_ids_that_git_gives_them() {
        String tree = repository.edit(null, Map.of("a.txt", write("hello\n"), "b/run.sh", executable("#!/bin/sh\n")));

        Snapshot snapshot = repository.snapshotOfTree(tree);

        assertThat(snapshot.find("a.txt").orElseThrow().id()).isEqualTo("ce013625030ba8dba906f756967f9e9ca394464a");
        assertThat(tree).isEqualTo("cd2ee1c79366ed6b86c90dafc8d779996b3de258");
        assertThat(snapshot.list("b"))
                .containsExactly(new TreeEntry("run.sh", "100755", "1a2485251c33a70432394c93fb89330ef214bfc9"));
    }

    @Test
    void a_file_reads_back_and_a_larger_one_than_wanted_is_refused() {
        Snapshot snapshot = repository.snapshotOfTree(repository.edit(null, Map.of("a/b/c.yaml", write("x: 1\n"))));

        assertThat(snapshot.read("a/b/c.yaml", 5)).isEqualTo("x: 1\n".getBytes(UTF_8));
        assertThat(refusal(() -> snapshot.read("a/b/c.yaml", 4))).isEqualTo("too-large");
        assertThat(refusal(() -> snapshot.read("a/b", 100))).isEqualTo("no-such-file");
        assertThat(refusal(() -> snapshot.read("a/x", 100))).isEqualTo("no-such-file");
    }

    @Test
    void names_are_listed_in_gits_order_where_a_folder_counts_with_a_slash() {
        String tree = repository.edit(
                null, Map.of("foo/x", write("1"), "foo.txt", write("2"), "foo-bar", write("3"), "foo0", write("4")));

        List<TreeEntry> entries = repository.snapshotOfTree(tree).list("");

        assertThat(entries).extracting(TreeEntry::name).containsExactly("foo-bar", "foo.txt", "foo", "foo0");
    }

    @Test
    void every_name_is_found_however_files_and_folders_mix() {
        List<String> names = List.of("a", "a-b", "a.b", "a0", "ab", "b", "\uFF21", "\uD83D\uDE00", "z");
        Map<String, Edit> edits = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            edits.put(names.get(i) + (i % 2 == 0 ? "" : "/x"), write(names.get(i)));
        }

        Snapshot snapshot = repository.snapshotOfTree(repository.edit(null, edits));

        assertThat(names).allMatch(name -> snapshot.find(name).isPresent());
        assertThat(snapshot.list("")).hasSameSizeAs(names);
        assertThat(List.of("", "a-", "A", "aa", "zz"))
                .noneMatch(name -> snapshot.find(name).isPresent());
    }

    @Test
    void edits_can_be_looked_at_without_being_written() {
        String tree = repository.edit(null, Map.of("a/x", write("1"), "b/y", write("2")));
        Map<String, Edit> edits = Map.of("a/new", write("3"), "b/y", new Edit.Delete());

        Snapshot edited = repository.edited(tree, edits);

        assertThat(refusal(() -> repository.snapshotOfTree(edited.treeId()))).isEqualTo("no-such-tree");
        assertThat(edited.read("a/new", 10)).isEqualTo("3".getBytes(UTF_8));
        assertThat(edited.find("b")).isEmpty();
        Snapshot written = repository.snapshotOfTree(repository.edit(tree, edits));
        assertThat(written.treeId()).isEqualTo(edited.treeId());
        assertThat(written.contentRoot()).isEqualTo(edited.contentRoot());
        assertThat(refusal(() -> repository.edited(tree, Map.of("a", write("4")))))
                .isEqualTo("path-is-folder");
    }

    @Test
    void folders_that_become_empty_vanish() {
        String tree = repository.edit(null, Map.of("a/b/c", write("1"), "d", write("2")));

        String next = repository.edit(tree, Map.of("a/b/c", new Edit.Delete(), "absent/x", new Edit.Delete()));

        assertThat(repository.snapshotOfTree(next).list(""))
                .extracting(TreeEntry::name)
                .containsExactly("d");
        assertThat(repository.edit(next, Map.of("d", new Edit.Delete()))).isEqualTo(Trees.EMPTY);
    }

    @Test
    void a_blob_that_is_there_can_be_linked_and_one_that_is_not_is_refused() {
        String tree = repository.edit(null, Map.of("a", write("same")));
        String blob = repository.snapshotOfTree(tree).find("a").orElseThrow().id();

        String next = repository.edit(tree, Map.of("b", new Edit.Link(FileMode.EXECUTABLE, blob)));

        assertThat(repository.snapshotOfTree(next).find("b")).contains(new TreeEntry("b", "100755", blob));
        assertThat(refusal(() ->
                        repository.edit(tree, Map.of("c", new Edit.Link(FileMode.REGULAR, "0".repeat(39) + "1")))))
                .isEqualTo("no-such-file");
    }

    @Test
    void a_file_where_a_folder_stands_is_refused_and_the_reverse() {
        String tree = repository.edit(null, Map.of("a/b", write("1"), "f", write("2")));

        assertThat(refusal(() -> repository.edit(tree, Map.of("a", write("x")))))
                .isEqualTo("path-is-folder");
        assertThat(refusal(() -> repository.edit(tree, Map.of("a", new Edit.Delete()))))
                .isEqualTo("path-is-folder");
        assertThat(refusal(() -> repository.edit(tree, Map.of("f/g", write("x")))))
                .isEqualTo("path-is-folder");
        assertThat(refusal(() -> repository.edit(null, Map.of("n", write("x"), "n/m", write("y")))))
                .isEqualTo("path-is-folder");
    }

    @Test
    void a_file_may_become_a_folder_when_the_same_edits_delete_it_and_the_reverse() {
        String tree = repository.edit(null, Map.of("a/b", write("1"), "f", write("2")));

        String next = repository.edit(
                tree, Map.of("a/b", new Edit.Delete(), "a", write("x"), "f", new Edit.Delete(), "f/g", write("y")));

        assertThat(next).isEqualTo(repository.edit(null, Map.of("a", write("x"), "f/g", write("y"))));
    }

    @Test
    void deleting_below_a_file_changes_nothing() {
        String tree = repository.edit(null, Map.of("f", write("2")));

        assertThat(repository.edit(tree, Map.of("f/g/h", new Edit.Delete()))).isEqualTo(tree);
    }

    @Test
    void paths_that_git_cannot_hold_are_refused() {
        for (String path : List.of("", "/a", "a/", "a//b", "./a", "a/../b", ".git/config", "x/.GIT", "a\0b")) {
            assertThat(refusal(() -> repository.edit(null, Map.of(path, write("x")))))
                    .as(path)
                    .isEqualTo("malformed-path");
        }
    }

    @Test
    void an_edit_touches_20000_paths_and_not_one_more() {
        Map<String, Edit> edits = new LinkedHashMap<>();
        for (int i = 0; i < 20_000; i++) {
            edits.put("d" + i % 100 + "/f" + i, write("same"));
        }

        String tree = repository.edit(null, edits);
        edits.put("one-more", write("same"));

        assertThat(repository.snapshotOfTree(tree).list("d7")).hasSize(200);
        assertThat(refusal(() -> repository.edit(null, edits))).isEqualTo("too-many-paths");
    }

    @Test
    void differences_name_each_file_once_sorted_by_the_bytes_of_its_path() {
        String before = repository.edit(
                null, Map.of("same/x", write("1"), "gone", write("2"), "mode", write("3"), "f", write("4")));
        String after = repository.edit(
                before,
                Map.of(
                        "gone",
                        new Edit.Delete(),
                        "mode",
                        executable("3"),
                        "f",
                        new Edit.Delete(),
                        "f/g",
                        write("5"),
                        "ü",
                        write("6"),
                        "f-",
                        write("7")));

        List<Difference> differences =
                Differences.between(repository.snapshotOfTree(before), repository.snapshotOfTree(after), 6);

        assertThat(differences).extracting(Difference::path).containsExactly("f", "f-", "f/g", "gone", "mode", "ü");
        assertThat(differences.get(0).after()).isNull();
        assertThat(differences.get(2).before()).isNull();
        assertThat(differences.get(4))
                .satisfies(difference -> assertThat(difference.after())
                        .extracting(entry -> entry == null ? "" : entry.rawMode())
                        .isEqualTo("100755"));
        assertThat(refusal(() ->
                        Differences.between(repository.snapshotOfTree(before), repository.snapshotOfTree(after), 5)))
                .isEqualTo("too-many-paths");
    }

    @Test
    void differences_from_the_empty_tree_are_all_files() {
        String tree = repository.edit(null, Map.of("a/b/c", write("1"), "d", write("2")));

        List<Difference> differences =
                Differences.between(repository.snapshotOfTree(Trees.EMPTY), repository.snapshotOfTree(tree), 10);

        assertThat(differences).extracting(Difference::path).containsExactly("a/b/c", "d");
    }

    @Test
    void the_content_root_is_the_sha256_of_modes_names_and_digests() {
        String tree = repository.edit(null, Map.of("a", write("one"), "b/c", executable("two")));

        Sha256 root = repository.snapshotOfTree(tree).contentRoot();

        byte[] below = entry("100755", "c", Sha256.of("two".getBytes(UTF_8)));
        byte[] top =
                join(entry("100644", "a", Sha256.of("one".getBytes(UTF_8))), entry("040000", "b", Sha256.of(below)));
        assertThat(root).isEqualTo(Sha256.of(top));
        assertThat(repository.snapshotOfTree(Trees.EMPTY).contentRoot()).isEqualTo(Sha256.of(new byte[0]));
    }

    protected static Edit write(String text) {
        return new Edit.Write(FileMode.REGULAR, text.getBytes(UTF_8));
    }

    protected static Edit executable(String text) {
        return new Edit.Write(FileMode.EXECUTABLE, text.getBytes(UTF_8));
    }

    protected static String refusal(ThrowingCallable call) {
        Refusal refusal = catchThrowableOfType(Refusal.class, call);
        return refusal == null ? "not refused" : refusal.rule();
    }

    private static byte[] entry(String mode, String name, Sha256 digest) {
        return join((mode + " " + name + "\0").getBytes(UTF_8), digest.bytes());
    }

    private static byte[] join(byte[] left, byte[] right) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(left);
        bytes.writeBytes(right);
        return bytes.toByteArray();
    }
}
