package countersign.cli.folder;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.codec.Json;
import countersign.codec.Place;
import countersign.policy.PolicyEngine;
import countersign.policy.testing.JUnitReport;
import countersign.policy.testing.PolicyFiles;
import countersign.policy.testing.PolicyTestReport;
import countersign.policy.testing.PolicyTestReport.Coverage;
import countersign.policy.testing.PolicyTestResult;
import countersign.policy.testing.PolicyTestRunner;
import countersign.policy.testing.SarifReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the tests of policies. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Run the tests (kind PolicyTest) of the policies in a folder, offline.",
            "",
            "Each rule needs a case that it lets pass and one that it stops. Of a case that fails you see its file and line,"
                    + " the expression, and what each part of it came to. Exits with 1 if a case fails, a rule is not tried"
                    + " both ways, or too few conditions were seen both true and false."
        },
        footer = {
            "",
            "Examples:",
            "  countersign policy test sample-repo",
            "  countersign policy test policies --min-coverage 100 --junit build/policies.xml"
        })
final class TestPolicies implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "FOLDER", description = "A repository, or a folder of policies.")
    private Path folder;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write the results as JUnit XML.")
    private @Nullable Path junit;

    @Option(names = "--sarif", paramLabel = "FILE", description = "Also write what failed as SARIF 2.1.0.")
    private @Nullable Path sarif;

    @Option(
            names = "--min-coverage",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "How many of 100 conditions must be seen both true and false. Default: ${DEFAULT-VALUE}.")
    private int minCoverage;

    @Option(names = "--verbose", description = "Also list what passed, and each condition that was seen one way only.")
    private boolean verbose;

    @Override
    public Integer call() {
        PolicyFiles files = PolicyFolder.read(folder);
        PolicyTestReport report = new PolicyTestRunner(new PolicyEngine()).run(files.policies(), files.tests());
        write(junit, JUnitReport.of(report));
        write(sarif, Json.writePretty(SarifReport.of(report)) + "\n");
        boolean good = report.failed().isEmpty() && report.percent() >= minCoverage;
        output.print(view(report, good), lines(report, files.policies().size()));
        return good ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private static void write(@Nullable Path file, String text) {
        if (file != null) {
            try {
                Files.writeString(file, text);
            } catch (IOException failed) {
                throw new UncheckedIOException("cannot write " + file, failed);
            }
        }
    }

    private List<String> lines(PolicyTestReport report, int policies) {
        List<String> lines = new ArrayList<>();
        report.results().stream()
                .filter(result -> verbose || !result.passed())
                .forEach(result -> lines.addAll(result.lines()));
        if (verbose) {
            report.coverage().forEach(coverage -> lines.addAll(coverage.lines()));
        }
        if (report.percent() < minCoverage) {
            lines.add("FAILED coverage: " + report.percent() + " of 100 conditions were seen both ways, needed are "
                    + minCoverage + (verbose ? "" : "; --verbose names the others"));
        }
        lines.add(policies + " policies, " + report.results().size() + " checks, "
                + report.failed().size() + " failed, " + report.percent() + "% of conditions seen both ways");
        return lines;
    }

    private static Map<String, Object> view(PolicyTestReport report, boolean good) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("good", good);
        view.put("coverage", report.percent());
        view.put("policies", report.coverage().stream().map(TestPolicies::view).toList());
        view.put("results", report.results().stream().map(TestPolicies::view).toList());
        return view;
    }

    private static Map<String, Object> view(Coverage coverage) {
        return Map.of(
                "policy", coverage.policy(),
                "conditions", coverage.conditions(),
                "coverage", coverage.percent(),
                "gaps", coverage.lines());
    }

    private static Map<String, Object> view(PolicyTestResult result) {
        Place place = result.place();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("policy", result.policy());
        view.put("name", result.name());
        view.put("passed", result.passed());
        view.put("place", place.toString());
        view.put("complaints", result.complaints());
        view.put("explanation", result.explanation());
        return view;
    }
}
