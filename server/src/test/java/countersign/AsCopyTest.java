package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.Terminal.Said;
import countersign.git.Git;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A repository is copied, and nothing that was signed or applied for one counts for the other. */
final class AsCopyTest {
    private static final String VERIFIER = "server/src/test/resources/python/verify_clone.py";
    private static final String ORIGINAL = "catalogue.cache-seconds=71";
    private static final String COPIED = "catalogue.cache-seconds=75";

    @AutoClose
    private final ServedShop shop = ServedShop.start();

    private final Terminal host = shop.host();
    private Path targets;
    private String backup;

    @BeforeEach
    void merges_applies_revokes_a_key_and_backs_up() {
        targets = shop.data().resolve("targets");
        merge(shop, "first", 71);
        awaitStanding(ORIGINAL);
        shop.terminal("ann")
                .run(
                        "key",
                        "revoke",
                        shop.key("ann") + ".pub",
                        "--reason",
                        "Stolen.",
                        "--since",
                        "1",
                        "--key",
                        "" + shop.key("ann"))
                .expect(0);
        backup = in("backup");
        shop.stop();
        host.run("backup", "--data", shop.data().toString(), "--to", backup).expect(0);
    }

    @AfterEach
    void nothing_is_left_behind_of_what_was_refused() {
        assertThat(shop.folder().resolve("refused")).doesNotExist();
    }

    @Test
    void votes_of_one_do_not_count_in_the_other_and_a_held_target_stays_as_it_is() throws Exception {
        shop.serve();
        shop.push("second", 75);
        Map<String, String> old = vote(shop, "second");
        shop.stop();
        Map<String, Object> copied = copy("copy", "--from", backup, "--keep-people", "--keep-recovery-keys", "--json")
                .expect(0)
                .json();

        ServedShop copy = shop.beside("copy");
        copy.serve(targets);
        copy.push("second", 75);
        Map<String, String> fresh = vote(copy, "second");
        Api.Answer refused = copy.api().post("carol", "/api/v1/changes/second/votes", old);
        approveAndMerge(copy, "second");
        String waiting =
                copy.terminal("ann").run("change", "show", "second").expect(0).out();
        String there = standing();
        String states = copy.api().get("ann", "/api/v1/targets").text();
        String repository = copy.api().get("ann", "/api/v1/repository").text();
        release(copy);
        copy.stop();
        copy.serve(targets);
        awaitStanding(COPIED);
        Path clone = copy.clone("carol");
        copy.stop();
        shop.serve();
        Api.Answer back = shop.api().post("carol", "/api/v1/changes/second/votes", fresh);

        assertThat(refused.text()).contains("other-repository");
        assertThat(back.text()).contains("other-repository");
        assertThat(waiting).contains("web-test", "spec.heldTargets");
        assertThat(states).contains("\"held\":true").doesNotContain("\"held\":false");
        assertThat(there).contains(ORIGINAL).doesNotContain(COPIED);
        assertThat(repository)
                .containsPattern("\"copyOf\":\\{\"repository\":\"[0-9a-f-]{36}\",\"commit\":\"[0-9a-f]{40}\"");
        assertThat(host.run("verify", "--genesis", genesis(copied), clone.toString())
                        .expect(0)
                        .out())
                .contains("a copy of repository ", "whose history is not in here");
        requireVerified(clone, genesis(copied));
    }

    @Test
    void a_copy_has_the_documents_but_neither_the_past_nor_the_identity() throws Exception {
        Said said = copy(
                        "copy",
                        "--from",
                        backup,
                        "--keep-people",
                        "--keep-recovery-keys",
                        "--release-target",
                        "web-test",
                        "--json")
                .expect(0);

        Map<String, Object> copied = said.json();
        Git original = new Git(shop.data().resolve("repository.git"));
        Git ours = new Git(shop.folder().resolve("copy/repository.git"));
        String tip = original.run("rev-parse", "main");
        ours.run("fetch", "-q", shop.data().resolve("repository.git").toString(), "main:refs/original");
        assertThat(ours.run("rev-list", "--count", "main")).isEqualTo("1");
        assertThat(ours.run("diff", "--name-only", "refs/original", "main", "--", ".", ":!changes")
                        .lines())
                .containsExactly("access/people/ann.yaml", "countersign.yaml");
        assertThat(ours.run("ls-tree", "--name-only", "main").lines()).doesNotContain("changes");
        assertThat(ours.run("log", "-1", "--format=%B", "main")).contains("Commit: " + tip, "Log: shop.invalid/log");
        assertThat(ours.run("show", "main:countersign.yaml"))
                .contains("commit: \"" + tip + "\"", "heldTargets:", "\"web-production\"")
                .doesNotContain("\"web-test\"");
        assertThat(ours.run("show", "main:access/people/ann.yaml")).contains("keys: []", "Ann Visser");
        assertThat(said.err())
                .contains("both apply to web-test", "ann SHA256:", "from log entry 1 on", "tainted-state");
        assertThat(copied.get("held")).isEqualTo(List.of("web-production", "web-staging"));
        assertThat(String.valueOf(copied.get("signers")))
                .contains("carol", "dave", "frank")
                .doesNotContain("ann");
        assertThat(String.valueOf(copied.get("revoked"))).contains("ann SHA256:");
        assertThat(shop.folder().resolve("copy")).isDirectoryNotContaining("glob:**/{db,activity,targets}");
        assertThat(host.run(
                                "restore",
                                "--as-copy",
                                "--from",
                                in("copy"),
                                "--data",
                                in("again"),
                                "--name",
                                "again",
                                "--keep-people",
                                "--keep-recovery-keys")
                        .expect(0)
                        .out())
                .contains(
                        "Held, not applied: web-production, web-staging, web-test",
                        "Templates want to be approved anew");
    }

    @Test
    void a_clone_is_enough_and_people_begin_with_the_keys_that_are_named() throws Exception {
        shop.serve();
        String mirror = in("mirror.git");
        ServedShop.run(shop.folder(), "git", "clone", "-q", "--mirror", shop.remote("ann"), mirror);
        ServedShop.run(shop.folder(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "offline");
        String first = shop.genesis();
        List<String> people = List.of(
                "--key",
                "carol=" + shop.key("carol") + ".pub",
                "--key",
                "dave=" + shop.key("dave") + ".pub",
                "--recovery-key",
                in("offline.pub"));

        Map<String, Object> newest = copy("newest", with(people, "--from", mirror, "--json"))
                .expect(0)
                .json();
        Map<String, Object> oldest = copy(
                        "oldest", with(people, "--from", mirror, "--commit", first.substring(0, 9), "--json"))
                .expect(0)
                .json();

        assertThat(newest.get("signers")).isEqualTo(List.of("carol", "dave"));
        assertThat(((Map<?, ?>) oldest.get("from")).get("commit")).isEqualTo(first);
        Git copy = new Git(shop.folder().resolve("newest/repository.git"));
        assertThat(copy.run("show", "main:" + ServedShop.SETTINGS)).contains("cache-seconds: 71");
        assertThat(copy.run("show", "main:countersign.yaml"))
                .contains(Files.readString(Path.of(in("offline.pub"))).substring(0, 80));
        assertThat(new Git(shop.folder().resolve("oldest/repository.git")).run("show", "main:" + ServedShop.SETTINGS))
                .doesNotContain("cache-seconds: 71");
    }

    @Test
    void what_would_be_mistaken_for_the_original_is_refused() {
        List<String> kept = List.of("--from", backup, "--keep-people", "--keep-recovery-keys");

        copy("refused", with(kept, "--release-target", "web-nowhere")).refused("unknown-target");
        copy("refused", with(kept, "--commit", "0123456789")).refused("not-a-merge");
        copy("refused", with(kept, "--origin", "shop.invalid/log")).refused("origin-of-another");
        copy("refused", with(kept, "--newest", shop.data().toString())).refused("malformed-option");
        copy("refused", with(kept, "--key", "ann=" + shop.key("ann") + ".pub")).refused("key-revoked");
        copy("refused", "--from", backup, "--keep-recovery-keys").refused("no-administrators");
        copy("refused", "--from", in("carol"), "--keep-people", "--keep-recovery-keys")
                .refused("no-repository");
        copy("data", with(kept)).refused("data-folder-not-empty");
        host.run("restore", "--from", backup, "--data", in("refused"), "--keep-people")
                .expect(2);
        shop.serve();
        copy("refused", "--from", shop.data().toString(), "--keep-people", "--keep-recovery-keys")
                .refused("data-folder-in-use");
    }

    @Test
    void files_that_are_not_those_of_the_log_are_not_copied() throws Exception {
        Git bare = new Git(Path.of(backup, "repository.git"));
        String main = bare.run("rev-parse", "main");
        String tree = bare.run("cat-file", "-p", main).replaceAll("(?s)tree ([0-9a-f]{40}).*", "$1");
        String other = bare.run("cat-file", "-p", bare.run("rev-parse", "main^"))
                .replaceAll("(?s)tree ([0-9a-f]{40}).*", "$1");
        Path forged = shop.folder().resolve("forged");
        Files.write(
                forged,
                bare.run("cat-file", "-p", main)
                        .replace(tree, other)
                        .concat("\n")
                        .getBytes(StandardCharsets.UTF_8));
        String id = bare.run("hash-object", "-t", "commit", "-w", forged.toString());
        bare.run("update-ref", "refs/heads/main", id);

        Map<String, Object> copied = copy("copy", "--from", backup, "--keep-people", "--keep-recovery-keys", "--json")
                .expect(0)
                .json();

        assertThat(((Map<?, ?>) copied.get("from")).get("commit"))
                .as("of the log, whatever main says")
                .isEqualTo(main);
    }

    private Said copy(String data, String... options) {
        List<String> words = new ArrayList<>(List.of("restore", "--as-copy", "--data", in(data)));
        words.addAll(List.of(options));
        if (!words.contains("--origin")) {
            words.addAll(List.of("--name", "rehearsal"));
        }
        return host.run(words.toArray(String[]::new));
    }

    private static String[] with(List<String> options, String... more) {
        return Stream.concat(options.stream(), Stream.of(more)).toArray(String[]::new);
    }

    /** A vote of carol's, signed by ssh-keygen, and not handed in. */
    private Map<String, String> vote(ServedShop where, String change) throws IOException {
        Api.Answer statement = where.api()
                .post(
                        "carol",
                        "/api/v1/changes/" + change + "/statements",
                        Map.of("decision", "approve", "role", "approver", "reason", "seen", "client", "manual"));
        Path file = Files.createTempFile(shop.folder(), "statement", ".json");
        Files.write(file, statement.body());
        shop.sign("carol", file.toString());
        return Map.of("statement", statement.text(), "signature", Files.readString(Path.of(file + ".sig")));
    }

    private static void merge(ServedShop where, String name, int cacheSeconds) {
        where.push(name, cacheSeconds);
        approveAndMerge(where, name);
    }

    private static void approveAndMerge(ServedShop where, String name) {
        approve(where, name, "carol");
        where.terminal("carol").run("change", "merge", name).expect(0);
    }

    private static void approve(ServedShop where, String name, String person) {
        where.terminal(person)
                .run(
                        "change",
                        "approve",
                        name,
                        "--role",
                        "approver",
                        "--key",
                        where.key(person).toString())
                .expect(0);
    }

    private static void release(ServedShop copy) {
        Path clone = copy.clone("ann");
        copy.pushFrom(
                clone,
                "release",
                () -> ServedShop.edit(
                        clone.resolve("countersign.yaml"), text -> text.replace("    - \"web-test\"\n", "")));
        approve(copy, "release", "dave");
        approveAndMerge(copy, "release");
    }

    private static String genesis(Map<String, Object> copied) {
        return String.valueOf(((Map<?, ?>) copied.get("founded")).get("genesis"));
    }

    private void requireVerified(Path clone, String genesis) throws Exception {
        assertThat(host.run("verify", "--genesis", genesis, clone.toString())
                        .expect(0)
                        .out())
                .contains("verified");
        Process other = new ProcessBuilder("python3", VERIFIER, genesis, clone.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).endsWith("\nverified\n");
        assertThat(other.waitFor()).isZero();
    }

    private void awaitStanding(String text) {
        Awaitility.await()
                .ignoreExceptions()
                .atMost(Duration.ofSeconds(60))
                .until(() -> standing().contains(text));
    }

    /** Everything that stands on the targets. */
    private String standing() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(targets, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(path -> path.toString().contains("/current"))
                    .filter(Files::isRegularFile)
                    .toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    private String in(String name) {
        return shop.folder().resolve(name).toString();
    }
}
