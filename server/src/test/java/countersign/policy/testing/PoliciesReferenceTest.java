package countersign.policy.testing;

import countersign.ReferencePage;
import countersign.codec.Fields;
import countersign.policy.Parameter;
import countersign.policy.Policy;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the page about the shipped policies to their files. */
final class PoliciesReferenceTest {
    private static final Map<String, String> FOLDERS = Map.ofEntries(
            Map.entry("people", "People"),
            Map.entry("change", "Changes"),
            Map.entry("calendar", "Calendars"),
            Map.entry("environments", "Environments"),
            Map.entry("configuration", "Settings that hurt in production"),
            Map.entry("classification", "Classification"),
            Map.entry("keys", "Keys and cryptoperiods"),
            Map.entry("certificates", "Certificates"),
            Map.entry("algorithms", "Algorithms"),
            Map.entry("packages", "Packages"),
            Map.entry("secrets", "Secrets"));

    @Test
    void the_page_about_the_shipped_policies_is_what_their_files_say() throws IOException {
        ReferencePage.holds("policies.md", page(Shipped.read()));
    }

    private static String page(PolicyFiles shipped) {
        Map<String, List<Policy>> folders = shipped.policies().stream()
                .collect(Collectors.groupingBy(PoliciesReferenceTest::folder, LinkedHashMap::new, Collectors.toList()));
        StringBuilder page = new StringBuilder("""
                # The shipped policies

                Generated from the files in [policies/](../../policies/), %d policies in %d folders. How they are written and
                switched on is in [policies/README.md](../../policies/README.md).
                """.formatted(shipped.policies().size(), folders.size()));
        folders.forEach((folder, policies) -> {
            page.append("\n## ").append(FOLDERS.get(folder)).append("\n");
            policies.forEach(policy -> write(policy, page));
        });
        return page.toString();
    }

    private static String folder(Policy policy) {
        return policy.document().path().split("/", -1)[1];
    }

    private static void write(Policy policy, StringBuilder page) {
        Fields metadata = Fields.of(
                "metadata", (Map<?, ?>) policy.document().tree().root().get("metadata"));
        Fields spec = policy.document().spec();
        page.append("\n### [")
                .append(policy.name())
                .append("](../../")
                .append(policy.document().path())
                .append(")\n\n");
        page.append("**")
                .append(metadata.text("title"))
                .append(".** ")
                .append(spec.text("description"))
                .append("\n\n");
        page.append("*").append(spec.text("why")).append("*\n\n");
        page.append("Severity ")
                .append(metadata.text("severity"))
                .append("; looks at ")
                .append(policy.subject().name().equals("CHANGE") ? "the change as a whole" : "each document");
        page.append(". Rules: ")
                .append(policy.ruleIds().stream().map(id -> "`" + id + "`").collect(Collectors.joining(", ")))
                .append(".\n");
        if (!policy.params().isEmpty()) {
            page.append("Parameters: ")
                    .append(policy.params().values().stream()
                            .map(PoliciesReferenceTest::parameter)
                            .collect(Collectors.joining(", ")))
                    .append(".\n");
        }
        page.append("Sources: ")
                .append(String.join("; ", spec.textList("sources")))
                .append(".\n");
    }

    private static String parameter(Parameter parameter) {
        return "`" + parameter.name() + "` (" + parameter.type() + ")";
    }
}
