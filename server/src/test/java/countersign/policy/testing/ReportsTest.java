package countersign.policy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.codec.Finding.Severity;
import countersign.codec.Json;
import countersign.codec.Place;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The files that other programs read. */
final class ReportsTest {
    private static final PolicyTestReport REPORT = new PolicyTestReport(
            List.of(
                    result("two-person", "one approver", List.of()),
                    result(
                            "two-person",
                            "nobody <approved> & \u0007",
                            List.of("expected deny, the policy says passed")),
                    result("grants-end", "a year", List.of())),
            List.of());

    @Test
    void junit_files_hold_a_suite_for_each_policy_and_count_rightly() throws Exception {
        Element suites = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(JUnitReport.of(REPORT))))
                .getDocumentElement();

        assertThat(suites.getTagName()).isEqualTo("testsuites");
        assertCounts(suites, 3, 1);
        List<Element> each = elements(suites.getElementsByTagName("testsuite"));
        assertThat(each).extracting(suite -> suite.getAttribute("name")).containsExactly("two-person", "grants-end");
        assertCounts(each.get(0), 2, 1);
        assertCounts(each.get(1), 1, 0);
        assertThat(elements(suites.getElementsByTagName("testcase")))
                .hasSize(3)
                .allSatisfy(one -> assertThat(one.getAttribute("classname")).startsWith("policy."))
                .allSatisfy(one -> assertThat(one.getAttribute("line")).isEqualTo("7"));
        Element failure = elements(suites.getElementsByTagName("failure")).get(0);
        assertThat(failure.getAttribute("message")).isEqualTo("expected deny, the policy says passed");
        assertThat(failure.getTextContent()).contains("nobody <approved> & \uFFFD", "a.test.yaml:7:3", "n = 1");
    }

    @Test
    void sarif_files_name_tool_rules_levels_and_lines() {
        List<Finding> findings = List.of(
                new Finding("b", Severity.ERROR, "wrong", new Place("a/ü b.yaml", 3, 5, null), "mend it"),
                new Finding("a", Severity.WARNING, "odd", Place.file("x.yaml"), null),
                new Finding("b", Severity.INFO, "note", null, null));

        Fields log = read(findings);

        assertThat(log.text("version")).isEqualTo("2.1.0");
        assertThat(log.text("$schema")).endsWith("sarif-schema-2.1.0.json");
        Fields run = log.objectList("runs").get(0);
        Fields driver = run.object("tool").object("driver");
        assertThat(driver.text("name")).isEqualTo("countersign");
        assertThat(driver.objectList("rules"))
                .extracting(rule -> rule.text("id"))
                .containsExactly("a", "b");
        List<Fields> results = run.objectList("results");
        assertThat(results).extracting(result -> result.text("level")).containsExactly("error", "warning", "note");
        assertThat(results).extracting(result -> result.integer("ruleIndex")).containsExactly(1L, 0L, 1L);
        assertThat(results.get(0).object("message").text("text")).isEqualTo("wrong\nmend it");
        Fields place = results.get(0).objectList("locations").get(0).object("physicalLocation");
        assertThat(place.object("artifactLocation").text("uri")).isEqualTo("a/%C3%BC%20b.yaml");
        assertThat(place.object("region").integer("startLine")).isEqualTo(3);
        assertThat(place.object("region").integer("startColumn")).isEqualTo(5);
        assertThat(results.get(1)
                        .objectList("locations")
                        .get(0)
                        .object("physicalLocation")
                        .has("region"))
                .isFalse();
        assertThat(results.get(2).has("locations")).isFalse();
    }

    @Test
    void sarif_of_tests_holds_what_failed() {
        byte[] bytes = Json.write(SarifReport.of(REPORT));

        List<Fields> results = Fields.of("log", Json.readObject("log", bytes))
                .objectList("runs")
                .get(0)
                .objectList("results");

        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.text("ruleId")).isEqualTo("two-person");
            assertThat(result.object("message").text("text")).contains("expected deny", "n = 1");
        });
    }

    private static Fields read(List<Finding> findings) {
        String json = Json.writePretty(SarifReport.of(findings));
        return Fields.of("log", Json.readObject("log", json.getBytes(StandardCharsets.UTF_8)));
    }

    private static PolicyTestResult result(String policy, String name, List<String> complaints) {
        Place place = new Place("policies/a.test.yaml", 7, 3, null);
        return new PolicyTestResult(
                policy, name, place, complaints, complaints.isEmpty() ? List.of() : List.of("n = 1"));
    }

    private static void assertCounts(Element element, int tests, int failures) {
        assertThat(element.getAttribute("tests")).isEqualTo(Integer.toString(tests));
        assertThat(element.getAttribute("failures")).isEqualTo(Integer.toString(failures));
        assertThat(element.getAttribute("errors")).isEqualTo("0");
    }

    private static List<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .map(Element.class::cast)
                .toList();
    }
}
