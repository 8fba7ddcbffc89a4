package countersign.git;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.Commit;
import countersign.repository.Differences;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.jgit.lib.Constants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clones made by somebody who means harm: what stands beside the objects decides nothing, and no tree costs too much. */
final class HostileCloneTest {
    private static final String EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    private static final int LIMIT = 20_000;

    @TempDir
    private Path folder;

    private Git git;

    @BeforeEach
    void begin() throws Exception {
        new Git(folder).run("init", "-q", "-b", "main", "clone");
        git = new Git(folder.resolve("clone"));
        git.run("hash-object", "-t", "tree", "-w", "/dev/null");
    }

    @Test
    void a_clone_that_calls_itself_shallow_hides_nobody_who_wrote_a_commit() throws Exception {
        String main = commit("main", EMPTY);
        String side = commit("side", EMPTY, main);
        String mine = commit("mine", EMPTY, main);
        String tip = commit("tip", EMPTY, mine, side);
        write("shallow", tip + "\n" + mine + "\n");

        try (Repository clone = open()) {
            assertThat(clone.commitsBetween(main, tip, 10))
                    .extracting(Commit::id)
                    .containsExactlyInAnyOrder(tip, mine, side);
            assertThat(clone.mergeBase(side, tip)).contains(side);
        }
    }

    @Test
    void a_commit_that_a_shallow_clone_lacks_is_named() throws Exception {
        String main = commit("main", EMPTY);
        String side = commit("side", EMPTY, main);
        String mine = commit("mine", EMPTY, main);
        String tip = commit("tip", EMPTY, mine, side);
        write("shallow", tip + "\n");
        Files.delete(object(side));

        try (Repository clone = open()) {
            assertThat(refusal(() -> clone.commitsBetween(main, tip, 10)))
                    .satisfies(refusal -> assertThat(refusal.rule()).isEqualTo("corrupt-object"))
                    .hasMessageContaining(side);
        }
    }

    @Test
    void neither_replacements_nor_grafts_nor_settings_change_what_is_read() throws Exception {
        String main = commit("main", EMPTY);
        String other = commit("other", EMPTY);
        String tip = commit("tip", EMPTY, main);
        git.run("update-ref", "refs/replace/" + tip, other);
        write("info/grafts", tip + "\n");
        write("objects/info/alternates", folder.resolve("nowhere") + "\n");
        Files.writeString(
                folder.resolve("clone/.git/config"),
                "[core]\ncommitGraph = true\nhooksPath = /\n[remote \"origin\"]\nurl = ext::false\npromisor = true\n",
                StandardOpenOption.APPEND);

        try (Repository clone = open()) {
            assertThat(clone.getCommit(tip).parents()).containsExactly(main);
            assertThat(clone.commitsBetween(main, tip, 10))
                    .extracting(Commit::id)
                    .containsExactly(tip);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "main",
                "0000",
                "refs/heads/main",
                "../../etc/passwd",
                "ABCDEF0123456789ABCDEF0123456789ABCDEFGH"
            })
    void what_is_no_id_of_a_commit_is_refused_wherever_one_is_asked_for(String id) throws Exception {
        String main = commit("main", EMPTY);

        try (Repository clone = open()) {
            assertThat(refusal(() -> clone.getCommit(id)).rule()).isEqualTo("no-such-commit");
            assertThat(refusal(() -> clone.mergeBase(main, id)).rule()).isEqualTo("no-such-commit");
            assertThat(refusal(() -> clone.commitsBetween(main, id, 10)).rule()).isEqualTo("no-such-commit");
            assertThat(refusal(() -> clone.commitsBetween(id, main, 10)).rule()).isEqualTo("no-such-commit");
        }
    }

    @Test
    void a_few_folders_with_more_paths_than_anybody_can_walk_are_refused() throws Exception {
        String bomb = doubled(EMPTY, 60);

        try (Repository clone = open()) {
            Snapshot before = clone.snapshotOfTree(EMPTY);
            Snapshot after = clone.snapshotOfTree(bomb);

            assertThat(refusal(() -> Differences.between(before, after, LIMIT)).rule())
                    .isEqualTo("too-many-paths");
            assertThat(after.contentRoot()).isNotEqualTo(before.contentRoot());
        }
    }

    @Test
    void folders_without_end_are_refused() throws Exception {
        String deep = nested(EMPTY, 300);

        try (Repository clone = open()) {
            Snapshot before = clone.snapshotOfTree(EMPTY);
            Snapshot after = clone.snapshotOfTree(deep);

            assertThat(refusal(after::contentRoot).rule()).isEqualTo("too-many-paths");
            assertThat(refusal(() -> Differences.between(before, after, LIMIT)).rule())
                    .isEqualTo("too-many-paths");
        }
    }

    @Test
    void the_digest_of_a_file_is_that_of_the_bytes_that_its_id_names() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[3 << 20]);
        String id = git.run("hash-object", "-w", file.toString());
        Path other = Files.write(folder.resolve("other"), new byte[4 << 20]);
        Path exchanged = object(git.run("hash-object", "-w", other.toString()));
        String tree = tree(entry("100644", "file", id));
        String wrong = tree(entry("100644", "file", git.run("hash-object", other.toString())));
        exchanged.toFile().setWritable(true);
        Files.write(exchanged, Files.readAllBytes(object(id)));

        try (Repository clone = open()) {
            assertThat(clone.snapshotOfTree(tree).blobDigest(id)).isEqualTo(Sha256.of(new byte[3 << 20]));
            assertThat(refusal(() -> clone.snapshotOfTree(wrong).contentRoot()).rule())
                    .isEqualTo("corrupt-object");
        }
    }

    /** A folder with two entries for the same folder, and so on. */
    private String doubled(String tree, int levels) throws IOException {
        String folder = tree;
        for (int level = 0; level < levels; level++) {
            folder = tree(entry("40000", "a", folder), entry("40000", "b", folder));
        }
        return folder;
    }

    private String nested(String tree, int levels) throws IOException {
        String folder = tree;
        for (int level = 0; level < levels; level++) {
            folder = tree(entry("40000", "a", folder));
        }
        return folder;
    }

    private static byte[] entry(String mode, String name, String id) throws IOException {
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        entry.write((mode + " " + name + "\0").getBytes(US_ASCII));
        entry.write(HexFormat.of().parseHex(id));
        return entry.toByteArray();
    }

    /** Stores a tree as no tool of Git would. */
    private String tree(byte[]... entries) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            content.write(entry);
        }
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.write(("tree " + content.size() + "\0").getBytes(US_ASCII));
        object.write(content.toByteArray());
        String id = HexFormat.of().formatHex(Constants.newMessageDigest().digest(object.toByteArray()));
        Files.createDirectories(object(id).getParent());
        try (OutputStream out = new DeflaterOutputStream(Files.newOutputStream(object(id)))) {
            out.write(object.toByteArray());
        }
        return id;
    }

    private String commit(String message, String tree, String... parents) throws IOException, InterruptedException {
        String[] command = new String[4 + 2 * parents.length];
        command[0] = "commit-tree";
        command[1] = tree;
        command[2] = "-m";
        command[3] = message;
        for (int i = 0; i < parents.length; i++) {
            command[4 + 2 * i] = "-p";
            command[5 + 2 * i] = parents[i];
        }
        return git.run(command);
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve("clone/.git").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Path object(String id) {
        return folder.resolve("clone/.git/objects/" + id.substring(0, 2) + "/" + id.substring(2));
    }

    private Repository open() {
        return GitRepository.openForReading(folder.resolve("clone"));
    }

    private static Refusal refusal(ThrowingCallable call) {
        return catchThrowableOfType(Refusal.class, call);
    }
}
