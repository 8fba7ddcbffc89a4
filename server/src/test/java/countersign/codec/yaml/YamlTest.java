package countersign.codec.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
    private static final String PATH = "systems/shop/shop-test.yaml";

    @Test
    void a_document_is_read_with_the_types_of_the_core_schema_in_its_order() {
        YamlTree tree = parse("""
                # a comment
                text: plain words here
                quoted: "12"
                integer: 42
                negative: -7
                hexadecimal: 0x1F
                huge: 92233720368547758070
                fraction: 1.5
                exponent: 2e3
                truth: true
                nothing: ~
                absent:
                version: 1.10.2
                list: [a, 1, null]
                block:
                - name: x
                literal: |
                  two
                  lines
                """);

        assertThat(tree.root().keySet())
                .containsExactly(
                        "text",
                        "quoted",
                        "integer",
                        "negative",
                        "hexadecimal",
                        "huge",
                        "fraction",
                        "exponent",
                        "truth",
                        "nothing",
                        "absent",
                        "version",
                        "list",
                        "block",
                        "literal");
        assertThat(tree.root())
                .containsEntry("text", "plain words here")
                .containsEntry("quoted", "12")
                .containsEntry("integer", 42L)
                .containsEntry("negative", -7L)
                .containsEntry("hexadecimal", 31L)
                .containsEntry("huge", new BigInteger("92233720368547758070"))
                .containsEntry("fraction", 1.5)
                .containsEntry("exponent", 2000.0)
                .containsEntry("truth", true)
                .containsEntry("nothing", null)
                .containsEntry("absent", null)
                .containsEntry("version", "1.10.2")
                .containsEntry("list", Arrays.asList("a", 1L, null))
                .containsEntry("block", List.of(Map.of("name", "x")))
                .containsEntry("literal", "two\nlines\n");
        assertThat(tree.warnings()).isEmpty();
    }

    @Test
    void every_value_and_key_has_its_place() {
        YamlTree tree = parse("spec:\n  # why\n  rows:\n  - name: one\n    a/b: 2\n");

        assertThat(tree.placeOf("/spec/rows/0/name")).isEqualTo(new Place(PATH, 4, 11, "/spec/rows/0/name"));
        assertThat(tree.keyPlaceOf("/spec/rows/0/a~1b")).isEqualTo(new Place(PATH, 5, 5, "/spec/rows/0/a~1b"));
        assertThat(tree.placeOf("/spec/rows/0/a~1b").column()).isEqualTo(10);
        assertThat(tree.keyPlaceOf("/spec/rows").line()).isEqualTo(3);
    }

    @Test
    void a_pointer_to_nothing_gives_the_place_of_its_nearest_ancestor() {
        YamlTree tree = parse("spec:\n  rows: {a: 1}\n");

        assertThat(tree.placeOf("/spec/rows/b/c")).isEqualTo(new Place(PATH, 2, 9, "/spec/rows/b/c"));
        assertThat(tree.keyPlaceOf("/other")).isEqualTo(new Place(PATH, 1, 1, "/other"));
    }

    @Test
    void a_tree_cannot_be_changed() {
        YamlTree tree = parse("a: {b: 1}\nc: [1]\n");

        assertThatThrownBy(() -> tree.root().put("x", 1L)).isInstanceOf(UnsupportedOperationException.class);
        assertThat((List<?>) tree.root().get("c")).isUnmodifiable();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: 1\\nb: 2\\na: 3 | duplicate-key | 3 | 1 | /a",
                "a: {\"x\": 1, x: 2} | duplicate-key | 1 | 13 | /a/x",
                "1: a\\n\"1\": b | duplicate-key | 2 | 1 | /1",
                "a: *x | alias | 1 | 4 | /a",
                "a: &x 1 | anchor | 1 | 4 | /a",
                "a: &x\\n  b: *x | anchor | 1 | 4 | /a",
                "<<: {a: 1} | merge-key | 1 | 1 | /<<",
                "a: !secret x | tag | 1 | 4 | /a",
                "a: !!java.net.URL [x] | tag | 1 | 4 | /a",
                "a: 1\\n---\\nb: 2 | second-document | 2 | 1 | ''",
                "%YAML 1.1\\n---\\na: 1 | directive | 1 | 1 | ''",
                "%TAG ! tag:x,2000:\\n---\\na: 1 | directive | 1 | 1 | ''",
                "mode: 0777 | leading-zero | 1 | 7 | /mode",
                "a: [1, 08] | leading-zero | 1 | 8 | /a/1",
                "a: -007 | leading-zero | 1 | 4 | /a",
                "a: 00.5 | leading-zero | 1 | 4 | /a",
                "a: .nan | not-a-finite-number | 1 | 4 | /a",
                "a: -.inf | not-a-finite-number | 1 | 4 | /a",
                "a: 1e999 | not-a-finite-number | 1 | 4 | /a",
                "? [a, b]\\n: 1 | non-scalar-key | 1 | 3 | ''",
                "{a: 1}: 2 | non-scalar-key | 1 | 1 | ''",
                "? # none\\n: 1 | empty-key | 1 | 2 | /",
                "[a] | root-not-a-mapping | 1 | 1 | ''",
                "text | root-not-a-mapping | 1 | 1 | ''",
                "'' | root-not-a-mapping | 1 | 1 | ''",
                "# only a comment | root-not-a-mapping | 1 | 1 | ''",
                "a: b\\n\\tc: d | malformed-yaml | 2 | 1 | ''",
                "a: 'open | malformed-yaml | 1 | 9 | /a",
                "a: b: c | malformed-yaml | 1 | 5 | ''",
                "a: \"x\\\\0y\" | forbidden-escape | 1 | 4 | /a",
                "a: \"x\\\\u202Ey\" | forbidden-escape | 1 | 4 | /a",
                "a: 1\\nb: x\u0001y | control-character | 2 | 5 | ",
                "a: x\u0000y | control-character | 1 | 5 | ",
                "a: x\u0085y | control-character | 1 | 5 | ",
                "a: x\u2028y | control-character | 1 | 5 | ",
                "a: x\uFFFEy | control-character | 1 | 5 | ",
                "a: x\u202Ey | bidi-control | 1 | 5 | ",
                "# x\u2066y\\na: 1 | bidi-control | 1 | 4 | ",
                "\uFEFFa: 1 | byte-order-mark | 1 | 1 | ",
                "a: 1\\rb: 2 | carriage-return | 1 | 5 | ",
            })
    void what_another_reader_could_see_differently_is_refused_with_its_place(
            String text, String rule, int line, int column, String pointer) {
        Refusal refusal = refusal(text.translateEscapes());

        assertThat(refusal.rule()).isEqualTo(rule);
        assertThat(refusal.findings().get(0).place()).isEqualTo(new Place(PATH, line, column, pointer));
    }

    @Test
    void every_finding_is_reported_not_only_the_first() {
        Refusal refusal = refusal("a: 1\na: 2\nb: *x\nc: 007\nd: !t x\n");

        assertThat(refusal.findings())
                .extracting(Finding::rule)
                .containsExactly("duplicate-key", "alias", "leading-zero", "tag");
    }

    @Test
    void a_duplicate_key_names_both_lines() {
        Refusal refusal = refusal("a: 1\nb: 2\na: 3\n");

        assertThat(refusal)
                .hasMessageContaining("\"a\" is already defined at line 1")
                .hasMessageContaining(PATH + ":3:1");
    }

    @Test
    void a_refused_number_is_not_repeated_for_it_may_be_a_secret() {
        assertThat(refusal("pin: 012345\n")).hasMessageNotContaining("012345");
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused_at_their_place() {
        byte[] bytes = "a: 1\nb: ä?\n".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 2] = (byte) 0xC3;

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Yaml.parse(PATH, bytes));

        assertThat(refusal.rule()).isEqualTo("invalid-utf8");
        assertThat(refusal.findings().get(0).place()).isEqualTo(new Place(PATH, 2, 5, null));
    }

    @Test
    void more_than_a_mebibyte_is_refused() {
        assertThat(refusal("#\n".repeat(Yaml.MAX_BYTES / 2 + 1)).rule()).isEqualTo("too-large");
    }

    @Test
    void a_line_of_more_than_64_kibi_characters_is_refused() {
        Refusal refusal = refusal("a: 1\nb: \"" + "x".repeat(65_536) + "\"\n");

        assertThat(refusal.rule()).isEqualTo("line-too-long");
        assertThat(refusal.findings().get(0).place()).isEqualTo(new Place(PATH, 2, 1, null));
    }

    @Test
    void depth_is_bounded_whether_in_flow_or_in_block() {
        String block = java.util.stream.IntStream.range(0, 70)
                .mapToObj(i -> " ".repeat(i) + "a:\n")
                .collect(java.util.stream.Collectors.joining());

        assertThat(refusal("a: " + "[".repeat(2000)).rule()).isEqualTo("too-deep");
        assertThat(refusal("a: " + "{a: ".repeat(2000)).rule()).isEqualTo("too-deep");
        assertThat(refusal(block).rule()).isEqualTo("too-deep");
        assertThat(parse("a: " + "[".repeat(63) + "]".repeat(63)).root()).containsOnlyKeys("a");
    }

    @Test
    void the_number_of_nodes_is_bounded() {
        assertThat(refusal("a:\n" + "- 1\n".repeat(200_001)).rule()).isEqualTo("too-many-nodes");
    }

    @Test
    void an_alias_bomb_is_refused_at_its_first_anchor() {
        Refusal refusal = refusal("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n");

        assertThat(refusal.rule()).isEqualTo("anchor");
        assertThat(refusal.findings().get(0).place()).isEqualTo(new Place(PATH, 1, 4, "/a"));
    }

    @Test
    void words_and_numbers_that_other_readers_take_for_something_else_are_warned_of() {
        YamlTree tree = parse("a: yes\nb: Off\nc: 12:30:45\nd: 1_000\ne: 0o17\nf: 'no'\ng: nothing\n");

        assertThat(tree.root())
                .containsEntry("a", "yes")
                .containsEntry("b", "Off")
                .containsEntry("c", "12:30:45")
                .containsEntry("d", "1_000")
                .containsEntry("e", 15L);
        assertThat(tree.warnings()).allMatch(warning -> warning.rule().equals("ambiguous-scalar"));
        assertThat(tree.warnings())
                .extracting(warning -> String.valueOf(warning.place()))
                .containsExactly(PATH + ":1:4", PATH + ":2:4", PATH + ":3:4", PATH + ":4:4", PATH + ":5:4");
    }

    @Test
    void windows_line_ends_are_line_ends() {
        YamlTree tree = parse("a: 1\r\nb: |\r\n  x\r\n  y\r\n");

        assertThat(tree.root()).containsEntry("b", "x\ny\n");
        assertThat(tree.placeOf("/b").line()).isEqualTo(2);
    }

    @Test
    void columns_count_characters_not_code_units() {
        YamlTree tree = parse("a: {\"😀\": 1, b: 2}\n");

        assertThat(tree.keyPlaceOf("/a/b").column()).isEqualTo(13);
    }

    @Test
    void random_damage_gives_a_tree_or_a_refusal_with_a_place_and_nothing_else() {
        byte[] good = "a: {b: [1, 'x', \"y\"], c: |\n  text\n}\nd:\n- e: >-\n    folded\n  f: ? g\n# end\n"
                .getBytes(StandardCharsets.UTF_8);
        byte[] alphabet = "{}[]:,-?|>'\"\\#&*!%@` \t\n\r~0x.aé\u202e\u0000".getBytes(StandardCharsets.UTF_8);
        long seed = 20261121;
        Random random = new Random(seed);
        Map<String, Integer> outcomes = new HashMap<>();

        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = good.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = alphabet[random.nextInt(alphabet.length)];
            }
            outcomes.merge(outcome(damaged), 1, Integer::sum);
        }

        assertThat(outcomes).as("seed %s", seed).containsKeys("read", "malformed-yaml", "invalid-utf8", "alias");
    }

    private static String outcome(byte[] bytes) {
        try {
            Yaml.parse(PATH, bytes).placeOf("/a/b/0");
            return "read";
        } catch (Refusal refusal) {
            List<Finding> findings = new ArrayList<>(refusal.findings());
            assertThat(findings)
                    .allMatch(finding ->
                            finding.place() != null && finding.place().line() > 0);
            return refusal.rule();
        }
    }

    private static YamlTree parse(String text) {
        return Yaml.parse(PATH, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Refusal refusal(String text) {
        return catchThrowableOfType(Refusal.class, () -> parse(text));
    }
}
