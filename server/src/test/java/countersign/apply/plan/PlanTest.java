package countersign.apply.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.manifest.Unit;
import countersign.repository.FileMode;
import countersign.target.ReleaseFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlanTest {
    private static final Unit UNIT = new Unit("web-test", "storefront");

    @Test
    void a_changed_key_is_shown_with_both_values() {
        Plan plan = change("app.yaml", "cache:\n  size: 10\n  name: a\n", "cache:\n  size: 20\n  name: a\n");

        assertThat(plan.text()).isEqualTo("""
                        ~ web-test/storefront: change
                          ~ app.yaml (100644 28 bytes, other bytes)
                              cache.size: "10" → "20"
                        """);
    }

    @Test
    void added_and_removed_files_keys_and_settings_are_told_apart() {
        Plan.Side before = new Plan.Side(
                List.of(file("a.properties", "x=1\n"), file("gone.txt", "bye\n")), Map.of("driver", "directory"));
        Plan.Side after = new Plan.Side(
                List.of(file("a.properties", "y=2\n"), file("new.json", "{\"a\": {\"b\": [1, true]}}")),
                Map.of("driver", "ssh"));

        Plan plan = Plan.of(List.of(new Plan.Subject(UNIT, before, after)));

        assertThat(plan.text()).isEqualTo("""
                        ~ web-test/storefront: change
                          ~ a.properties (100644 4 bytes, other bytes)
                              x: - "1"
                              y: + "2"
                          - gone.txt (- 100644 4 bytes)
                          + new.json (+ 100644 23 bytes)
                              a.b[0]: + "1"
                              a.b[1]: + "true"
                            settings
                              driver: "directory" → "ssh"
                        """);
    }

    @Test
    void units_come_and_go() {
        Plan.Side side = new Plan.Side(List.of(), Map.of());

        Plan plan = Plan.of(List.of(
                new Plan.Subject(new Unit("b", "x"), null, side), new Plan.Subject(new Unit("a", "x"), side, null)));

        assertThat(plan.text()).isEqualTo("- a/x: remove\n+ b/x: add\n");
    }

    @Test
    void the_order_of_the_units_does_not_change_the_text() {
        List<Plan.Subject> subjects = new ArrayList<>(IntStream.range(0, 20)
                .mapToObj(i -> new Plan.Subject(new Unit("t" + i, "s"), null, new Plan.Side(List.of(), Map.of())))
                .toList());
        String text = Plan.of(subjects).text();

        Collections.reverse(subjects);

        assertThat(Plan.of(subjects).text()).isEqualTo(text);
        assertThat(Plan.of(subjects).digest()).isEqualTo(Plan.of(subjects).digest());
    }

    @ParameterizedTest
    @CsvSource({
        "app.yaml, 'db: {password: hunter2}', 'db: {password: hunter3}'",
        "app.yaml, 'dbPassword: hunter2', 'dbPassword: hunter3'",
        "app.yaml, 'env: [{name: DB_TOKEN, value: hunter2}]', 'env: [{name: DB_TOKEN, value: hunter3}]'",
        "app.yaml, 'secrets: {one: {deep: hunter2}}', 'secrets: {one: {deep: hunter3}}'",
        "app.json, '{\"apiKey\": \"hunter2\"}', '{\"apiKey\": \"hunter3\"}'",
        "app.properties, 'smtp.credential=hunter2', 'smtp.credential=hunter3'",
        "app.env, 'CLIENT_SECRET=\"hunter2\"', 'CLIENT_SECRET=\"hunter3\"'",
        "app.ini, 'passwd = hunter2', 'passwd = hunter3'",
        "app.yaml, 'url: \"https://ann:hunter2@host/\"', 'url: \"https://ann:hunter3@host/\"'",
        "app.yaml, 'jdbc: \"jdbc:postgresql://h/d?user=a&password=hunter2\"', 'jdbc: \"jdbc:postgresql://h/d?user=a&password=hunter3\"'",
        "secrets/app.yaml, 'colour: hunter2', 'colour: hunter3'",
        "app.properties, 'password=abc\\\n  hunter2', 'password=abc\\\n  hunter3'",
        "app.env, 'PASSWORD=\"abc\nhunter2=x\"', 'PASSWORD=\"abc\nhunter3=x\"'",
        "notes.txt, 'the password is hunter2', 'the password is hunter3'",
        "broken.yaml, 'password: [hunter2', 'password: [hunter3'"
    })
    void a_secret_is_masked_on_both_sides(String path, String before, String after) {
        String text = change(path, before, after).text();

        assertThat(text).doesNotContain("hunter").contains(path);
    }

    @Test
    void a_masked_key_still_shows_that_it_differs_appears_or_goes() {
        Plan plan = change("app.yaml", "password: a\ntoken: b\n", "password: c\nsecret: d\n");

        assertThat(plan.text())
                .contains("password: (secret) → (another secret)\n", "token: - (secret)\n", "secret: + (secret)\n");
    }

    @Test
    void an_unchanged_secret_is_not_mentioned() {
        assertThat(change("app.yaml", "password: a\nx: 1\n", "password: a\nx: 2\n")
                        .text())
                .doesNotContain("password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN OPENSSH PRIVATE KEY-----",
                "AKIAIOSFODNN7EXAMPLE",
                "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
                "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQ"
            })
    void a_value_in_the_form_of_a_secret_is_masked_whatever_it_is_called(String value) {
        String text = change("app.yaml", "colour: red\n", "colour: \"" + value + "\"\n")
                .text();

        assertThat(text).contains("colour: (secret) → (another secret)").doesNotContain(value, "red");
    }

    @Test
    void ordinary_keys_are_not_masked() {
        assertThat(List.of("passenger", "keyboard", "monkey", "cache.size", "author", "pinned", "saltwater"))
                .noneMatch(Mask::named);
    }

    @Test
    void what_would_command_a_terminal_or_hide_text_is_escaped() {
        Plan plan = change("app.properties", "a=x\n", "a=\\u001b[31m\\u202Eevil\n");

        assertThat(plan.text()).contains("\\u{1b}[31m\\u{202e}evil").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void long_plans_are_cut_and_say_so() {
        String many =
                IntStream.range(0, 1000).mapToObj(i -> "k" + i + "=" + i + "\n").collect(Collectors.joining());
        String huge = "a=" + "x".repeat(100_000) + "\n";

        String text = change("many.properties", "", many).text()
                + change("huge.properties", "", huge).text();

        assertThat(text).contains("… and 800 more keys").hasSizeLessThan(20_000);
    }

    private static Plan change(String path, String before, String after) {
        return Plan.of(List.of(new Plan.Subject(
                UNIT,
                new Plan.Side(List.of(file(path, before)), Map.of()),
                new Plan.Side(List.of(file(path, after)), Map.of()))));
    }

    private static ReleaseFile file(String path, String text) {
        return new ReleaseFile(path, FileMode.REGULAR, text.getBytes(UTF_8));
    }
}
