package countersign.policy.testing;

import countersign.codec.Finding;
import countersign.codec.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show at the lines that they are about: strings, numbers,
 * lists and maps, to be written as JSON.
 */
public final class SarifReport {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private SarifReport() {}

    /** What failed in the tests of policies; the rules are the policies. */
    public static Map<String, Object> of(PolicyTestReport report) {
        return of(report.failed().stream()
                .map(failed -> Finding.error(
                        failed.policy(),
                        failed.name() + "\n" + String.join("\n", failed.complaints()) + "\n"
                                + String.join("\n", failed.explanation()),
                        failed.place()))
                .toList());
    }

    /** Findings of any kind; paths are relative to the folder that was checked. */
    public static Map<String, Object> of(List<Finding> findings) {
        List<String> rules =
                List.copyOf(findings.stream().map(Finding::rule).collect(TreeSet::new, TreeSet::add, TreeSet::addAll));
        List<Object> results = new ArrayList<>();
        findings.forEach(finding -> results.add(result(finding, rules.indexOf(finding.rule()))));
        Map<String, Object> driver = new LinkedHashMap<>();
        driver.put("name", "countersign");
        driver.put("rules", rules.stream().map(rule -> Map.of("id", rule)).toList());
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("tool", Map.of("driver", driver));
        run.put("columnKind", "unicodeCodePoints");
        run.put("results", results);
        Map<String, Object> log = new LinkedHashMap<>();
        log.put("$schema", SCHEMA);
        log.put("version", "2.1.0");
        log.put("runs", List.of(run));
        return log;
    }

    private static Map<String, Object> result(Finding finding, int rule) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ruleId", finding.rule());
        result.put("ruleIndex", rule);
        result.put(
                "level",
                switch (finding.severity()) {
                    case ERROR -> "error";
                    case WARNING -> "warning";
                    case INFO -> "note";
                });
        String wayOut = finding.wayOut();
        result.put("message", Map.of("text", finding.message().strip() + (wayOut == null ? "" : "\n" + wayOut)));
        Place place = finding.place();
        if (place != null) {
            result.put("locations", List.of(Map.of("physicalLocation", location(place))));
        }
        return result;
    }

    private static Map<String, Object> location(Place place) {
        Map<String, Object> location = new LinkedHashMap<>();
        location.put("artifactLocation", Map.of("uri", uri(place.path())));
        if (place.line() > 0) {
            Map<String, Object> region = new LinkedHashMap<>();
            region.put("startLine", place.line());
            if (place.column() > 0) {
                region.put("startColumn", place.column());
            }
            location.put("region", region);
        }
        return location;
    }

    /** A relative reference of RFC 3986: what is no plain letter of a path is percent-encoded. */
    private static String uri(String path) {
        StringBuilder uri = new StringBuilder();
        for (byte each : path.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "/._-~".indexOf(c) >= 0);
            uri.append(plain ? Character.toString(c) : "%%%02X".formatted((int) c));
        }
        return uri.toString();
    }
}
