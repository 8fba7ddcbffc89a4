package countersign.git.transport;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Refusal;
import countersign.fuzz.Mutation;
import countersign.repository.push.GitTransport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Pushes whose bytes are broken, straight into the transport: nothing enters, nothing is left, and nothing breaks. */
final class BrokenPushTest {
    private static final int RUNS = Integer.getInteger("fuzz.runs", 4_000) / 20;
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_122);

    @AutoClose
    private final TransportScene scene = TransportScene.open();

    @Test
    void a_push_of_broken_bytes_changes_nothing_that_is_there() throws Exception {
        GitTransport transport = new SmartTransport(scene.store);
        scene.commit("systems/storefront.yaml", "cache: 30\n".repeat(40));
        byte[] whole = request("refs/heads/change/broken");
        Mutation mutation = new Mutation(new SplittableRandom(SEED), List.of(whole));
        Map<String, String> before = scene.store.listRefs("refs/");

        for (int run = 0; run < RUNS; run++) {
            push(transport, mutation.next());
        }

        assertThat(new TreeMap<>(scene.store.listRefs("refs/"))).containsAllEntriesOf(before);
        assertThat(scene.incoming()).isEmpty();
        push(transport, whole);
        assertThat(scene.store.findRef("refs/heads/change/broken")).contains(scene.work.run("rev-parse", "HEAD"));
        scene.store.flush();
        assertThat(scene.storeGit().run("fsck", "--full", "--strict")).doesNotContain("missing", "broken", "corrupt");
    }

    /** What Git sends: one command, and a pack of what the server lacks. */
    private byte[] request(String ref) throws IOException, InterruptedException {
        String head = scene.work.run("rev-parse", "HEAD");
        Path bundle = scene.folder.resolve("sent.bundle");
        scene.work.run("bundle", "create", "-q", bundle.toString(), "HEAD", "^HEAD~1");
        byte[] bundled = Files.readAllBytes(bundle);
        int pack = new String(bundled, StandardCharsets.ISO_8859_1).indexOf("\n\nPACK") + 2;
        String command = "0".repeat(40) + " " + head + " " + ref + "\0report-status agent=git/2\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes("%04x%s0000".formatted(command.length() + 4, command).getBytes(StandardCharsets.UTF_8));
        request.write(bundled, pack, bundled.length - pack);
        return request.toByteArray();
    }

    /** A connection that breaks off is no fault of the server. */
    private void push(GitTransport transport, byte[] request) {
        try {
            transport.receivePack(
                    new ByteArrayInputStream(request), new ByteArrayOutputStream(), "ann", scene.recording);
        } catch (Refusal refusal) {
            assertThat(refusal.rule()).isEqualTo("malformed-git-request");
        } catch (UncheckedIOException brokenOff) {
            assertThat(brokenOff).hasMessageNotContaining("NullPointer");
        }
    }
}
