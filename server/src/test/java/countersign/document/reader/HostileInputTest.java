package countersign.document.reader;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Inputs that other readers of YAML take for something else, choke on, or run: each is refused, and where is said. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputTest {
    private static final String PATH = "targets/web-1.yaml";
    private static final String HEAD = "apiVersion: countersign.dev/v1\nkind: Target\nmetadata: {name: web-1}\nspec:\n";
    private static final String GOOD = "  environment: test\n  driver: directory\n  directory: {path: web-1}\n";

    private final Documents documents = new Documents();
    private final Map<String, Duration> took = new LinkedHashMap<>();

    static Stream<Arguments> inputs() {
        List<Arguments> inputs = new ArrayList<>();
        inputs.add(spec("octal of YAML 1.1", "keepReleases: 0777"));
        inputs.add(spec("leading zero", "keepReleases: 08"));
        inputs.add(spec("underscored number", "keepReleases: 1_000"));
        inputs.add(spec("sexagesimal number", "keepReleases: 12:30:45"));
        inputs.add(spec("a version that is a number", "description: 1.10"));
        inputs.add(spec("null by a tilde", "description: ~"));
        inputs.add(spec("nothing at all", "description:"));
        inputs.add(spec("not a number", "keepReleases: .nan"));
        inputs.add(spec("infinity", "keepReleases: .inf"));
        inputs.add(spec("a number beyond every machine", "keepReleases: " + "9".repeat(400)));
        inputs.add(spec("a duplicate key", "keepReleases: 3\n  keepReleases: 5"));
        inputs.add(spec("a number and a text as one key", "description: {1: a, \"1\": b}"));
        inputs.add(spec("a key that is a list", "? [a]\n  : b"));
        inputs.add(spec("an undefined alias", "description: *x"));
        inputs.add(spec("an alias", "description: &x a\n  keepReleases: *x"));
        inputs.add(spec("a merge key", "<<: {keepReleases: 3}"));
        inputs.add(spec("a structure that holds itself", "description: &x [*x]"));
        inputs.add(spec("an alias bomb", bomb()));
        inputs.add(spec("a tag that makes an object", "description: !!java.net.URL [\"http://localhost/\"]"));
        inputs.add(spec("a tag of its own", "description: !secret x"));
        inputs.add(spec("a binary tag", "description: !!binary aGVsbG8="));
        inputs.add(spec("two documents", "keepReleases: 3\n---\nkind: Target"));
        inputs.add(spec("a control character", "description: \"a\u0007b\""));
        inputs.add(spec("a direction override", "description: \"a\u202Eb\""));
        inputs.add(spec("a tab for indentation", "directory:\n\t\tpath: x"));
        inputs.add(Arguments.of("depth 2,000", bytes(HEAD + "  description: " + "[".repeat(2000) + "]".repeat(2000))));
        inputs.add(Arguments.of("depth 400,000", bytes("[".repeat(400_000))));
        inputs.add(Arguments.of(
                "depth by maps", bytes(HEAD + "  description: " + "{a: ".repeat(900) + "1" + "}".repeat(900))));
        inputs.add(Arguments.of("4 MB in one line", bytes(HEAD + "  description: " + "x".repeat(4 << 20))));
        inputs.add(Arguments.of("a line of 100 KB", bytes(HEAD + GOOD + "  description: " + "x".repeat(100 << 10))));
        inputs.add(Arguments.of("4 MB of lines", bytes(HEAD + "  a: b\n".repeat(600_000))));
        inputs.add(Arguments.of("300,000 nodes", bytes(HEAD + "  description:\n" + "   - [1,1]\n".repeat(100_000))));
        inputs.add(Arguments.of("no UTF-8", new byte[] {'a', ':', ' ', (byte) 0xC3, (byte) 0x28, '\n'}));
        inputs.add(Arguments.of("UTF-16", (HEAD + GOOD).getBytes(StandardCharsets.UTF_16)));
        inputs.add(Arguments.of("NUL", bytes(HEAD + GOOD + "\0")));
        inputs.add(Arguments.of("line ends of old", bytes((HEAD + GOOD).replace('\n', '\r'))));
        inputs.add(Arguments.of("nothing", new byte[0]));
        inputs.add(Arguments.of("a list for a document", bytes("- a\n- b\n")));
        inputs.add(Arguments.of("JSON that never ends", bytes("{\"a\":".repeat(60))));
        inputs.add(Arguments.of("quotes that never end", bytes(HEAD + "  description: \"" + "a\n".repeat(20_000))));
        inputs.add(Arguments.of("40,000 unknown fields", bytes(HEAD + fields(40_000))));
        return inputs.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inputs")
    void it_is_refused_and_where_is_said(String name, byte[] bytes) {
        long start = System.nanoTime();
        List<Finding> findings = documents.inspect(PATH, bytes).findings();
        took.put(name, Duration.ofNanos(System.nanoTime() - start));

        assertThat(findings).hasSizeBetween(1, 300).anyMatch(Finding::blocks);
        assertThat(findings).allSatisfy(finding -> {
            assertThat(finding.place()).isNotNull();
            assertThat(finding.place().path()).isEqualTo(PATH);
            assertThat(finding.message()).hasSizeLessThan(4_000);
        });
    }

    /** Times are told, not judged: the machine may be busy. */
    @AfterAll
    void tells_the_slowest() {
        String slowest = took.entrySet().stream()
                .sorted(Map.Entry.<String, Duration>comparingByValue().reversed())
                .limit(8)
                .map(entry -> entry.getKey() + " " + entry.getValue().toMillis() + " ms")
                .reduce((left, right) -> left + ", " + right)
                .orElse("");
        System.out.println("hostile inputs, slowest: " + slowest);
    }

    private static Arguments spec(String name, String line) {
        return Arguments.of(name, bytes(HEAD + GOOD + "  " + line + "\n"));
    }

    private static String bomb() {
        StringBuilder out = new StringBuilder("description: &a [x,x,x,x,x,x,x,x,x]");
        for (char c = 'b'; c <= 'i'; c++) {
            String last = "*" + (char) (c - 1);
            out.append("\n  d").append(c).append(": &").append(c).append(" [");
            out.append(String.join(",", java.util.Collections.nCopies(9, last))).append(']');
        }
        return out.toString();
    }

    private static String fields(int count) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < count; i++) {
            out.append("  f").append(i).append(": 1\n");
        }
        return out.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
