package countersign.manifest.rendering;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Json;
import countersign.codec.yaml.Yaml;
import countersign.codec.yaml.YamlTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is rendered is read back by readers that are not ours, as what the document says. */
class RenderingTest {
    private static final String DATA = """
            data:
              port: 8080
              ratio: 1.0
              small: 1.5e-7
              on: true
              text: "it's \\"so\\" = #1, {x} [y] \\\\ \\t 茶 🍵"
              deeper: {name: till, days: [mon, tue]}
            """;

    @Test
    void properties_are_read_by_java() throws IOException {
        Properties read = new Properties();
        read.load(new ByteArrayInputStream(Rendering.render("properties", data(DATA))));

        assertThat(read)
                .containsEntry("port", "8080")
                .containsEntry("ratio", "1.0")
                .containsEntry("small", "0.00000015")
                .containsEntry("text", "it's \"so\" = #1, {x} [y] \\ \t 茶 🍵")
                .containsEntry("deeper.days", "mon,tue")
                .hasSize(7);
    }

    @Test
    void json_and_yaml_are_read_as_the_same_values() {
        Map<?, ?> data = data(DATA);

        assertThat(Json.readObject("rendered", Rendering.render("json", data))).isEqualTo(data);
        assertThat(yaml(Rendering.render("yaml", data))).isEqualTo(data);
    }

    @Test
    void toml_is_read_by_python() throws IOException, InterruptedException {
        String read = run(
                List.of("python3", "-c", "import sys,tomllib,json; print(json.dumps(tomllib.load(sys.stdin.buffer)))"),
                Rendering.render("toml", data(DATA)));

        assertThat(Json.readObject("read", read.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(data(DATA));
    }

    @Test
    void env_is_read_by_a_shell() throws IOException, InterruptedException {
        String script = new String(Rendering.render("env", data(DATA)), StandardCharsets.UTF_8)
                + "printf '%s|' \"$PORT\" \"$TEXT\" \"$DEEPER_DAYS\"\n";

        String said = run(List.of("sh"), script.getBytes(StandardCharsets.UTF_8));

        assertThat(said).isEqualTo("8080|it's \"so\" = #1, {x} [y] \\ \t 茶 🍵|mon,tue|");
    }

    @Test
    void ini_is_read_by_python() throws IOException, InterruptedException {
        String program = "import sys,configparser; c=configparser.RawConfigParser();"
                + " c.read_string('[top]\\n'+sys.stdin.read());"
                + " print(c['top']['port'], c['deeper']['name'], c['deeper']['days'])";

        assertThat(run(List.of("python3", "-c", program), Rendering.render("ini", data(DATA))))
                .isEqualTo("8080 till mon,tue\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "1.0, 1.0",
        "-0.0, 0.0",
        "1e3, 1000.0",
        "1e23, 100000000000000000000000.0",
        "5.6843418860808015e-14, 0.00000000000005684341886080802",
        "2.0E-3, 0.002",
        "4.35, 4.35",
        "0.30000000000000004, 0.30000000000000004"
    })
    void a_fraction_has_the_fewest_digits_that_give_it_back(String written, String rendered) {
        byte[] text = Rendering.render("properties", Map.of("n", Double.parseDouble(written)));

        assertThat(text).asString(StandardCharsets.UTF_8).isEqualTo("n=" + rendered + "\n");
        assertThat(Double.parseDouble(rendered)).isEqualTo(Double.parseDouble(written) + 0.0);
    }

    @ParameterizedTest
    @CsvSource({
        "ini, \"a: \\\"x\\ny\\\"\"",
        "ini, \"a: \\\"x\\ry\\\"\"",
        "ini, \"\\\"a\\nb\\\": 1\"",
        "ini, \"\\\"a\\nb\\\": {c: 1}\"",
        "toml, a: null",
        "toml, 'a: [{b: null}]'",
        "env, 'a: [{b: 1}]'",
        "properties, 'a: [[1]]'"
    })
    void what_a_format_cannot_say_is_refused(String format, String member) {
        String text = member.startsWith("\"") ? member.substring(1, member.length() - 1) : member;
        Map<?, ?> data = data("data: {" + text.replace("\\\"", "\"") + "}\n");

        assertThat(refusalOf(() -> Rendering.render(format, data)).rule()).isEqualTo("not-renderable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1.0", "123456789012345678901234567890"})
    void a_plan_holds_no_number_without_canonical_form(String number) {
        Object value = data("data: {n: [" + number + "]}\n");

        assertThat(refusalOf(() -> Plain.of("targets/a.yaml", value)).rule()).isEqualTo("no-canonical-form");
    }

    private static Map<?, ?> data(String yaml) {
        return (Map<?, ?>) yaml(yaml.getBytes(StandardCharsets.UTF_8)).get("data");
    }

    private static Map<String, ?> yaml(byte[] bytes) {
        YamlTree tree = Yaml.parse("a.yaml", bytes);
        return tree.root();
    }

    private static String run(List<String> command, byte[] input) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input);
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
