package countersign.git.transport;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Refusal;
import countersign.git.Git;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small pushes that would cost a server much: its memory by what they claim, its time by what they unpack to. */
final class PackLimitsTest {
    private static final int REF_DELTA = 7;
    private static final int COMMIT = 1;
    private static final int BLOB = 3;
    private static final int BASE = 1 << 20;

    @AutoClose
    private final TransportScene scene = TransportScene.open();

    @ParameterizedTest
    @ValueSource(ints = {500_001, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void a_pack_that_claims_too_many_objects_is_refused_by_its_head(int claimed) throws Exception {
        ByteArrayOutputStream pack = head(claimed);

        String said = push(PackLimits.STANDARD, pack.toByteArray());

        assertThat(said)
                .contains("at most 500000 objects, this one claims " + Integer.toUnsignedString(claimed))
                .contains("[too-many-objects]");
        requireNothingLeft();
    }

    @Test
    void a_few_deltas_that_unpack_to_very_much_are_refused_in_time() throws Exception {
        byte[] bomb = bomb(60);

        String refused = push(new PackLimits(1_000, 20L * BASE), bomb);
        String other = push(new PackLimits(1_000, 100L * BASE), bomb);

        assertThat(bomb).hasSizeLessThan(BASE / 100);
        assertThat(refused).contains("at most " + 20L * BASE + " bytes").contains("[too-large]");
        assertThat(other).doesNotContain("[too-large]");
        requireNothingLeft();
    }

    @Test
    void files_that_are_packed_whole_count_too() throws Exception {
        ByteArrayOutputStream pack = head(4);
        for (int i = 0; i < 4; i++) {
            byte[] file = new byte[BASE];
            file[0] = (byte) i;
            object(pack, BLOB, new byte[0], file);
        }

        assertThat(push(new PackLimits(1_000, 3L * BASE), sealed(pack))).contains("[too-large]");
    }

    /** Forty trees, each of which lists the one before twice; there is no file in any of them. */
    @Test
    void a_push_of_few_folders_with_very_many_paths_is_refused_in_time() throws Exception {
        String folder = scene.work.run("hash-object", "-t", "tree", "-w", "/dev/null");
        Path raw = scene.folder.resolve("raw");
        for (int level = 0; level < 40; level++) {
            byte[] id = HexFormat.of().parseHex(folder);
            ByteArrayOutputStream tree = new ByteArrayOutputStream();
            for (String name : List.of("a", "b")) {
                tree.write(("40000 " + name + "\0").getBytes(StandardCharsets.US_ASCII));
                tree.write(id);
            }
            Files.write(raw, tree.toByteArray());
            folder = scene.work.run("hash-object", "-t", "tree", "-w", raw.toString());
        }
        String commit = scene.work.run("commit-tree", folder, "-p", "HEAD", "-m", "bomb");

        Git.Result push = scene.work.attempt("push", "origin", commit + ":refs/heads/change/bomb");

        assertThat(push.exit()).isNotZero();
        assertThat(push.error()).contains("folders without files", "[too-many-paths]");
        assertThat(scene.store.listRefs("refs/heads/").keySet()).containsExactly("refs/heads/main");
        requireNothingLeft();
    }

    @Test
    void a_push_that_calls_itself_shallow_brings_no_commit_without_its_parents() throws Exception {
        String commit = "tree " + scene.work.run("rev-parse", "HEAD^{tree}") + "\nparent " + "1".repeat(40) + "\n"
                + "author Ann <ann@example.org> 1763719200 +0000\n"
                + "committer Ann <ann@example.org> 1763719200 +0000\n\nby nobody else\n";
        byte[] bytes = commit.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream pack = head(1);
        object(pack, COMMIT, new byte[0], bytes);
        String id = HexFormat.of().formatHex(id("commit", bytes));

        String said = push(PackLimits.STANDARD, line("shallow " + id) + command(id), sealed(pack));

        assertThat(said).doesNotContain("ok refs/heads/change/bomb");
        assertThat(scene.store.listRefs("refs/heads/").keySet()).containsExactly("refs/heads/main");
        assertThat(scene.storeGit().attempt("cat-file", "-e", id).exit()).isNotZero();
        requireNothingLeft();
    }

    /** One file of a mebibyte, and deltas that each make another one of it. */
    private static byte[] bomb(int deltas) throws IOException {
        byte[] base = new byte[BASE];
        ByteArrayOutputStream pack = head(1 + deltas);
        object(pack, BLOB, new byte[0], base);
        for (int i = 0; i < deltas; i++) {
            object(pack, REF_DELTA, id("blob", base), delta((byte) i));
        }
        return sealed(pack);
    }

    /** Copies the base but for its first byte, which is another. */
    private static byte[] delta(byte first) {
        ByteArrayOutputStream delta = new ByteArrayOutputStream();
        size(delta, BASE);
        size(delta, BASE);
        delta.write(1);
        delta.write(first);
        int rest = BASE - 1;
        delta.write(0x80 | 0x10 | 0x20 | 0x40);
        delta.write(rest & 0xff);
        delta.write(rest >> 8 & 0xff);
        delta.write(rest >> 16);
        return delta.toByteArray();
    }

    private static void size(ByteArrayOutputStream out, int size) {
        int left = size;
        while (left > 0x7f) {
            out.write(0x80 | (left & 0x7f));
            left >>= 7;
        }
        out.write(left);
    }

    private static void object(ByteArrayOutputStream pack, int type, byte[] base, byte[] content) throws IOException {
        int left = content.length >> 4;
        int first = type << 4 | (content.length & 15);
        pack.write(left > 0 ? first | 0x80 : first);
        if (left > 0) {
            size(pack, left);
        }
        pack.write(base);
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(pack)) {
            deflated.write(content);
        }
    }

    private static ByteArrayOutputStream head(int objects) throws IOException {
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(pack);
        out.write("PACK".getBytes(StandardCharsets.US_ASCII));
        out.writeInt(2);
        out.writeInt(objects);
        return pack;
    }

    private static byte[] sealed(ByteArrayOutputStream pack) throws IOException {
        pack.write(sha1(pack.toByteArray()));
        return pack.toByteArray();
    }

    private static byte[] id(String type, byte[] content) throws IOException {
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.write((type + " " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
        object.write(content);
        return sha1(object.toByteArray());
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** What an accepted push leaves goes soon; what a refused one leaves is gone. */
    private void requireNothingLeft() {
        Awaitility.await("the quarantine is deleted")
                .atMost(Duration.ofSeconds(60))
                .until(() -> scene.incoming().isEmpty());
    }

    /** What the client is told. */
    private String push(PackLimits limits, byte[] pack) throws IOException {
        return push(limits, command(HexFormat.of().formatHex(sha1(pack))), pack);
    }

    private static String command(String id) {
        return line("0".repeat(40) + " " + id + " refs/heads/change/bomb\0report-status agent=git/2\n");
    }

    private static String line(String text) {
        return "%04x%s".formatted(text.length() + 4, text);
    }

    private String push(PackLimits limits, String commands, byte[] pack) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write((commands + "0000").getBytes(StandardCharsets.UTF_8));
        request.write(pack);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            new SmartTransport(scene.store, limits)
                    .receivePack(new ByteArrayInputStream(request.toByteArray()), said, "ann", scene.recording);
        } catch (Refusal refusal) {
            return refusal.getMessage();
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
