package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.cli.data.Program;
import countersign.data.DataCopy;
import countersign.log.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The sample shop, founded and served by the command line's own verbs, with keys that the real {@code ssh-keygen} made
 * and people who use the real {@code git}.
 */
final class ServedShop implements AutoCloseable {
    static final String SETTINGS = "systems/storefront/storefront-test.yaml";

    private static final List<String> PEOPLE = List.of("ann", "carol", "dave", "erin", "frank");
    private static Optional<ServedShop> founded = Optional.empty();

    private final Path folder;
    private final String name;
    private final Runnable closes;
    private final Installation installation =
            new Installation(new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new SecureRandom()));
    private final Map<String, String> tokens = new HashMap<>();
    private Program.Running running;
    private int clones;

    private ServedShop(Path folder, String name, Runnable closes) {
        this.folder = folder;
        this.name = name;
        this.closes = closes;
    }

    static ServedShop start() {
        TemporaryFolder folder = TemporaryFolder.open();
        ServedShop shop = new ServedShop(folder.path(), "data", folder::close);
        ServedShop like = foundedOnce();
        DataCopy.copyInto(like.folder, folder.path());
        shop.tokens.putAll(like.tokens);
        shop.serve();
        return shop;
    }

    /** What every shop is a copy of: the same repository with the same keys and tokens, founded once. */
    private static synchronized ServedShop foundedOnce() {
        return founded.orElseGet(() -> {
            TemporaryFolder folder = TemporaryFolder.open();
            ServedShop shop = new ServedShop(folder.path(), "data", folder::close);
            shop.found();
            Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
            founded = Optional.of(shop);
            return shop;
        });
    }

    /** Another repository beside it that a command founded in the folder {@code name}: the same people and keys; not served yet. */
    ServedShop beside(String name) {
        ServedShop other = new ServedShop(folder, name, () -> {});
        other.issueTokens();
        return other;
    }

    Path data() {
        return folder.resolve(name);
    }

    /** The API, where what a person does needs no command. */
    Api api() {
        return new Api(url(), tokens);
    }

    /** Where the keys lie, for whatever else a test puts there. */
    Path folder() {
        return folder;
    }

    /** The private key of a person. */
    Path key(String person) {
        return folder.resolve(person);
    }

    String url() {
        return running.url();
    }

    Program program() {
        return installation;
    }

    /** Somebody at the machine that has the data folder, with no token. */
    Terminal host() {
        return new Terminal(installation, folder, Map.of());
    }

    /** A person with a token, outside of every clone. */
    Terminal terminal(String person) {
        return new Terminal(
                installation, folder, Map.of("COUNTERSIGN_URL", url(), "COUNTERSIGN_TOKEN", tokens.get(person)));
    }

    /** A new clone of a person's own, whose remote carries the token. */
    Path clone(String person) {
        Path clone = folder.resolve(name + "-clone-" + clones++ + "-of-" + person);
        run(folder, "git", "clone", "-q", remote(person), clone.toString());
        run(clone, "git", "config", "user.name", person);
        run(clone, "git", "config", "user.email", person + "@lantern-tea.example");
        return clone;
    }

    /** The remote of Git with a person's token in it. */
    String remote(String person) {
        return remote(person, url());
    }

    /** The same of another server that knows the person's token. */
    String remote(String person, String url) {
        return url.replace("http://", "http://" + person + ":" + tokens.get(person) + "@") + "/git/shop.git";
    }

    void stop() {
        running.close();
    }

    void serve() {
        serve(data().resolve("targets"));
    }

    /** Serves with directory targets below another folder. */
    void serve(Path targets) {
        running = installation.serve(new Program.Serve(
                data(), new Program.Address("127.0.0.1", 0, null, false), targets, folder.resolve("backups"), null));
    }

    @Override
    public void close() {
        running.close();
        closes.run();
    }

    static void run(Path in, String... command) {
        try {
            Path said = Files.createTempFile("said", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(in.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            builder.environment()
                    .putAll(Map.of("GIT_CONFIG_NOSYSTEM", "1", "GIT_CONFIG_GLOBAL", "/dev/null", "LC_ALL", "C"));
            Process process = builder.start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as(List.of(command).toString())
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(said)).isZero();
            Files.delete(said);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    static void edit(Path file, UnaryOperator<String> edit) {
        try {
            String text = Files.readString(file);
            String now = edit.apply(text);
            assertThat(now).isNotEqualTo(text);
            Files.writeString(file, now);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void found() {
        List<String> init = new ArrayList<>(List.of("init", "--data", data().toString()));
        init.addAll(List.of("--content", Path.of("sample-repo").toAbsolutePath().toString(), "--name", "shop"));
        for (String person : PEOPLE) {
            generateKey(person);
            init.addAll(List.of("--key", person + "=" + key(person) + ".pub"));
        }
        generateKey("recovery");
        init.addAll(List.of("--recovery-key", key("recovery") + ".pub"));
        host().run(init.toArray(String[]::new)).expect(0);
        issueTokens();
    }

    private void issueTokens() {
        for (String person : PEOPLE) {
            String token = host().run("token", "create", "--data", data().toString(), "--person", person)
                    .expect(0)
                    .out();
            tokens.put(person, token.strip());
        }
    }

    /** The request of a change in a clone, with every field filled in and one setting of the test storefront altered. */
    void writeChange(Path clone, String name, int cacheSeconds) {
        Terminal author = new Terminal(installation, clone, Map.of());
        author.run(request(name)).expect(0);
        edit(clone.resolve(SETTINGS), text -> text.replaceAll("cache-seconds: \\d+", "cache-seconds: " + cacheSeconds));
    }

    /** Writes, commits and pushes a change as ann; gives her clone. */
    Path push(String name, int cacheSeconds) {
        Path clone = clone("ann");
        writeChange(clone, name, cacheSeconds);
        commit(clone, name);
        run(clone, "git", "push", "-q", "origin", "HEAD:refs/heads/change/" + name);
        return clone;
    }

    /** Writes a request, alters something else, commits and pushes. */
    void pushFrom(Path clone, String name, Runnable alters) {
        new Terminal(installation, clone, Map.of()).run(request(name)).expect(0);
        alters.run();
        commit(clone, name);
        run(clone, "git", "push", "-q", "origin", "HEAD:refs/heads/change/" + name);
    }

    /** The request of a change, under whatever day it was begun. */
    static Path requestFile(Path clone, String name) {
        try (Stream<Path> files = Files.walk(clone.resolve("changes"))) {
            return files.filter(path -> path.endsWith(name + ".yaml"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Signs a statement with the key of a name by {@code ssh-keygen}, into a file beside it that ends with {@code .sig}. */
    void sign(String key, String statement) {
        run(folder, "ssh-keygen", "-q", "-Y", "sign", "-n", "vote@countersign.dev", "-f", key, statement);
    }

    /** The commit that everything began with, as the log says. */
    String genesis() {
        Terminal.Said entries = terminal("ann").run("log", "entries", "--limit", "1", "--json");
        String text = String.valueOf(entries.expect(0).items("items").get(0).get("text"));
        return text.replaceAll("(?s).*\"commit\":\"([0-9a-f]{40})\".*", "$1");
    }

    static void commit(Path clone, String message) {
        run(clone, "git", "add", "-A");
        run(clone, "git", "commit", "-q", "-m", message);
    }

    private static String[] request(String name) {
        return new String[] {
            "change",
            "new",
            name,
            "--title",
            "Raise the cache",
            "--reason",
            "Pages are slow.",
            "--scope",
            "The test storefront.",
            "--step",
            "Raise cache-seconds.",
            "--risk",
            "Stale pages.",
            "--test",
            "Look at a page.",
            "--backout",
            "Roll the change back and look again.",
            "--security-impact",
            "None."
        };
    }

    private void generateKey(String name) {
        run(folder, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", name);
    }
}
