package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.Terminal.Said;
import countersign.cli.data.Program;
import countersign.git.Git;
import countersign.log.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An existing repository becomes one of ours, with its history. */
final class AdoptionTest {
    private static final String SCRIPT = "systems/storefront/files/old.sh";

    @TempDir
    private Path folder;

    private Path old;
    private Git git;
    private Terminal terminal;

    private final Installation installation =
            new Installation(new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new SecureRandom()));

    @BeforeEach
    void makes_a_repository_with_two_commits() throws Exception {
        old = Files.createDirectory(folder.resolve("old"));
        git = new Git(old);
        git.run("init", "-q", "-b", "trunk");
        Files.writeString(old.resolve("README.md"), "Ours since long.\n");
        commit("Begin");
        ServedShop.run(folder, "cp", "-r", Path.of("sample-repo").toAbsolutePath() + "/.", old.toString());
        Path script = Files.writeString(
                Files.createDirectories(old.resolve(SCRIPT).getParent()).resolve("old.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        commit("Describe the shop");
        for (String key : List.of("carol", "dave", "recovery")) {
            ServedShop.run(
                    folder,
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    folder.resolve(key).toString());
        }
        terminal = new Terminal(installation, folder, Map.of());
    }

    @Test
    void its_files_modes_and_history_are_kept_and_a_clone_verifies() throws Exception {
        String tip = git.run("rev-parse", "HEAD");

        Said founded =
                init("--adopt", old.toString(), "--commit", "trunk", "--json").expect(0);

        String genesis = String.valueOf(founded.json().get("genesis"));
        Git ours = new Git(folder.resolve("data/repository.git"));
        assertThat(ours.run("rev-parse", genesis + "^")).isEqualTo(tip);
        assertThat(ours.run("log", "--format=%s", "main")).isEqualTo("Found the repository\nDescribe the shop\nBegin");
        assertThat(ours.run("diff", "--name-only", tip, genesis).lines())
                .containsExactly("access/people/carol.yaml", "access/people/dave.yaml", "countersign.yaml");
        assertThat(ours.run("ls-tree", genesis, SCRIPT)).startsWith("100755 blob");
        ours.run("fsck", "--strict");
        installation.serve(Program.Serve.locally(folder.resolve("data"))).close();
        assertThat(terminal.run("verify", "--genesis", genesis, in("data/repository.git"))
                        .expect(0)
                        .out())
                .contains("verified");
    }

    @Test
    void documents_of_a_folder_stand_over_those_that_are_adopted() throws Exception {
        Path more = Files.createDirectory(folder.resolve("more"));
        Files.writeString(more.resolve("README.md"), "Ours, under review.\n");

        Said founded = init("--adopt", old.toString(), "--content", more.toString(), "--json")
                .expect(0);

        Git ours = new Git(folder.resolve("data/repository.git"));
        assertThat(ours.run("show", founded.json().get("genesis") + ":README.md"))
                .isEqualTo("Ours, under review.");
    }

    @Test
    void what_a_push_would_be_refused_for_is_refused_and_nothing_is_left() throws Exception {
        Files.createSymbolicLink(old.resolve("link"), Path.of("README.md"));
        commit("Link");
        init("--adopt", old.toString()).refused("content-not-usable");
        git.run("rm", "-q", "link");
        Files.writeString(old.resolve("systems/storefront/files/id_ed25519"), Files.readString(folder.resolve("dave")));
        commit("Leak");
        init("--adopt", old.toString()).refused("private-key");

        init("--adopt", old.toString(), "--commit", "no-such-branch").refused("no-such-commit");
        init("--adopt", folder.resolve("nowhere").toString()).refused("no-repository");
        init().refused("no-content");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    private Said init(String... more) {
        List<String> words = new ArrayList<>(List.of("init", "--data", in("data"), "--name", "shop"));
        words.addAll(List.of("--key", "carol=" + in("carol.pub"), "--key", "dave=" + in("dave.pub")));
        words.addAll(List.of("--recovery-key", in("recovery.pub")));
        words.addAll(List.of(more));
        return terminal.run(words.toArray(String[]::new));
    }

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    private void commit(String message) throws IOException, InterruptedException {
        git.run("add", "-A");
        git.run("commit", "-q", "-m", message);
    }
}
