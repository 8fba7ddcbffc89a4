package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.Terminal.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in and out by the command line, against a server that runs. */
final class SessionOnTheCommandLineTest {
    private static final String PASSWORD = "green tea, two cups";

    private static ServedShop shop;

    @TempDir
    private Path configuration;

    private Terminal user;

    @BeforeAll
    static void opens() {
        shop = ServedShop.start();
        shop.stop();
        for (String person : List.of("ann", "carol", "dave")) {
            shop.host()
                    .sending(PASSWORD + "\n")
                    .run("password", "set", "--data", shop.data().toString(), "--person", person, "--from", "-")
                    .expect(0);
        }
        shop.serve();
    }

    @AfterAll
    static void closes() {
        shop.close();
    }

    @BeforeEach
    void sits_down() {
        user = shop.host().with("COUNTERSIGN_URL", shop.url()).with("XDG_CONFIG_HOME", configuration.toString());
    }

    @Test
    void who_types_the_password_works_with_the_session_until_they_sign_out() throws IOException {
        List<String> questions = new ArrayList<>();
        user.run("change", "list").refused("no-token");

        Said in =
                user.typing(PASSWORD, questions).run("login", "--person", "ann").expect(0);
        Said mine = user.run("token", "list").expect(0);
        Said out = user.run("logout").expect(0);

        assertThat(questions).containsExactly("Password of ann at " + shop.url() + ": ");
        assertThat(in.out()).contains("signed in to " + shop.url() + " as ann until 20", "countersign logout");
        assertThat(in.out() + in.err()).doesNotContain(PASSWORD, "cst_");
        assertThat(mine.out()).contains("  ann  until ", "  session\n");
        assertThat(out.out()).contains("the session of ann counts no more");
        assertThat(files()).isEmpty();
        user.run("change", "list").refused("no-token");
        user.run("logout").refused("no-session");
    }

    @Test
    void the_session_that_is_signed_out_of_counts_nowhere_else_either() throws IOException {
        user.sending(PASSWORD)
                .run("login", "--person", "carol", "--password-stdin")
                .expect(0);
        String secret = Files.readString(files().get(0)).replaceAll("(?s).*(cst_\\w+).*", "$1");
        Terminal elsewhere = shop.host().with("COUNTERSIGN_URL", shop.url()).with("COUNTERSIGN_TOKEN", secret);
        elsewhere.run("change", "list").expect(0);

        user.run("logout").expect(0);

        elsewhere.run("change", "list").refused("not-authenticated");
    }

    @Test
    void the_file_of_a_session_is_its_owners_alone() throws IOException {
        Said in = user.sending(PASSWORD)
                .run("login", "--person", "ann", "--password-stdin", "--json")
                .expect(0);

        Path file = files().get(0);

        assertThat(in.json())
                .containsEntry("server", shop.url())
                .containsEntry("person", "ann")
                .containsEntry("file", file.toString())
                .containsKeys("id", "expires", "scopes")
                .doesNotContainKey("secret");
        assertThat(file).startsWith(configuration.resolve("countersign"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Said open = user.run("change", "list");
        open.refused("session-file-open");
        assertThat(open.err()).contains("chmod 600");
    }

    @Test
    void signing_in_again_ends_the_session_before() throws IOException {
        user.sending(PASSWORD)
                .run("login", "--person", "ann", "--password-stdin")
                .expect(0);
        String first = Files.readString(files().get(0));

        user.sending(PASSWORD)
                .run("login", "--person", "carol", "--password-stdin")
                .expect(0);

        assertThat(files()).hasSize(1);
        assertThat(Files.readString(files().get(0))).contains("\"carol\"").isNotEqualTo(first);
        shop.host()
                .with("COUNTERSIGN_URL", shop.url())
                .with("COUNTERSIGN_TOKEN", first.replaceAll("(?s).*(cst_\\w+).*", "$1"))
                .run("change", "list")
                .refused("not-authenticated");
    }

    @Test
    void a_token_that_is_named_goes_before_the_session_and_login_says_so() {
        Terminal both = user.with("COUNTERSIGN_TOKEN", "cst_0000000000000000_" + "0".repeat(64));

        Said in = both.sending(PASSWORD)
                .run("login", "--person", "ann", "--password-stdin")
                .expect(0);

        assertThat(in.err()).contains("COUNTERSIGN_TOKEN is set");
        both.run("change", "list").refused("not-authenticated");
        user.run("change", "list").expect(0);
    }

    @Test
    void a_session_is_used_with_its_own_server_only_and_before_the_password_of_a_clone() {
        Terminal inClone = user.in(shop.clone("dave"));
        user.sending(PASSWORD)
                .run("login", "--person", "ann", "--password-stdin")
                .expect(0);

        Said own = inClone.run("token", "list").expect(0);

        assertThat(own.out()).contains("  ann  ").doesNotContain("  dave  ");
        user.with("COUNTERSIGN_URL", "http://127.0.0.1:1").run("change", "list").refused("no-token");
    }

    @Test
    void a_session_whose_time_is_over_is_told_with_the_way_to_another() throws IOException {
        user.sending(PASSWORD)
                .run("login", "--person", "ann", "--password-stdin")
                .expect(0);
        ServedShop.edit(
                files().get(0),
                text -> text.replaceAll("\"expires\":\"[^\"]+\"", "\"expires\":\"2020-01-01T00:00:00Z\""));

        Said over = user.run("change", "list");

        over.refused("session-over");
        assertThat(over.err()).contains("ended at 2020-01-01T00:00:00Z", "countersign login --person ann");
    }

    @Test
    void a_session_that_somebody_else_ended_is_forgotten_by_signing_out() throws IOException {
        Said in = user.sending(PASSWORD).run("login", "--person", "ann", "--password-stdin", "--json");
        shop.terminal("ann")
                .run("token", "revoke", String.valueOf(in.expect(0).json().get("id")))
                .expect(0);
        user.run("change", "list").refused("not-authenticated");

        Said out = user.run("logout", "--json").expect(0);

        assertThat(out.json()).containsEntry("person", "ann").containsEntry("stood", false);
        assertThat(files()).isEmpty();
    }

    @Test
    void a_server_that_is_away_leaves_the_session_where_it_is() throws IOException {
        user.sending(PASSWORD)
                .run("login", "--person", "ann", "--password-stdin")
                .expect(0);
        Path file = files().get(0);
        Path other = file.resolveSibling("http%3A%2F%2F127.0.0.1%3A1.json");
        Files.copy(file, other, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

        Said out = user.with("COUNTERSIGN_URL", "http://127.0.0.1:1").run("logout");

        assertThat(out.expect(3).err()).contains("nothing answers there");
        assertThat(other).exists();
    }

    @Test
    void a_wrong_password_is_refused_and_who_goes_on_guessing_has_to_wait() throws IOException {
        Terminal guesser = user.sending("another password");
        Said wrong = guesser.run("login", "--person", "dave", "--password-stdin");
        Said last = wrong;
        for (int tries = 0; tries < 12 && !last.err().contains("too-many-attempts"); tries++) {
            last = guesser.run("login", "--person", "dave", "--password-stdin");
        }

        wrong.refused("sign-in-failed");
        assertThat(wrong.err()).contains("not the password of a person called dave", "asks an administrator");
        last.refused("too-many-attempts");
        assertThat(last.err()).containsPattern("try again in \\d+ seconds");
        assertThat(files()).isEmpty();
        user.sending(PASSWORD)
                .run("login", "--person", "ann", "--password-stdin")
                .expect(0);
    }

    @Test
    void nobody_is_asked_where_no_terminal_is_and_nothing_is_kept_where_no_folder_is() {
        Terminal nowhere = shop.host().with("COUNTERSIGN_URL", shop.url()).with("XDG_CONFIG_HOME", "relative");

        Said mute = user.run("login", "--person", "ann");
        Said kept = nowhere.sending(PASSWORD).run("login", "--person", "ann", "--password-stdin");

        mute.refused("no-terminal");
        assertThat(mute.err()).contains("--password-stdin");
        kept.refused("no-configuration-folder");
        assertThat(user.run("login", "--person", "ann", "--password", PASSWORD)
                        .expect(2)
                        .err())
                .contains("Unknown option");
    }

    @Test
    void without_an_own_folder_for_configuration_it_is_below_the_home() throws IOException {
        Terminal home = shop.host().with("COUNTERSIGN_URL", shop.url()).with("HOME", configuration.toString());

        home.sending(PASSWORD)
                .run("login", "--person", "ann", "--password-stdin")
                .expect(0);

        assertThat(files())
                .singleElement()
                .satisfies(file -> assertThat(file)
                        .startsWith(configuration.resolve(".config").resolve("countersign")));
        home.run("change", "list").expect(0);
    }

    @Test
    void a_person_sets_another_password_by_the_present_one_and_then_sessions_are_over() throws IOException {
        Path next = Files.writeString(shop.folder().resolve("next"), "black tea, one cup\n");
        user.sending(PASSWORD)
                .run("login", "--person", "carol", "--password-stdin")
                .expect(0);
        String[] set = {"password", "set", "--person", "carol", "--current", "-", "--from", next.toString()};

        Said wrong = user.sending("black tea, no cup").run(set);
        Said done = user.sending(PASSWORD).run(set).expect(0);

        wrong.refused("sign-in-failed");
        assertThat(done.out()).isEqualTo("carol has a new password; their sessions are over\n");
        user.run("change", "list").refused("not-authenticated");
        user.sending(PASSWORD)
                .run("login", "--person", "carol", "--password-stdin")
                .refused("sign-in-failed");
        user.sending("black tea, one cup")
                .run("login", "--person", "carol", "--password-stdin")
                .expect(0);
        user.sending("black tea, one cup")
                .run("password", "set", "--person", "carol", "--current", "-", "--from", file(PASSWORD))
                .expect(0);
    }

    @Test
    void the_present_password_and_the_next_do_not_come_from_one_place() {
        user.sending(PASSWORD)
                .run("login", "--person", "carol", "--password-stdin")
                .expect(0);

        user.sending(PASSWORD)
                .run("password", "set", "--person", "carol", "--current", "-", "--from", "-")
                .refused("same-password-file");
    }

    @Test
    void another_persons_password_needs_an_administrator() throws IOException {
        shop.terminal("ann")
                .run("password", "set", "--person", "erin", "--from", file(PASSWORD))
                .refused("scope-missing");
    }

    private static String file(String password) throws IOException {
        return Files.writeString(shop.folder().resolve("password"), password).toString();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(configuration)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
