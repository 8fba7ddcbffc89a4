package countersign.cli.folder;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.reader.Documents;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import countersign.policy.testing.PolicyTestResult;
import countersign.policy.testing.PolicyTestRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The verbs about policies. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Try policies.",
        footer = {"", "Example:", "  countersign policy test policies"})
public final class PolicyCommand {
    private PolicyCommand() {}

    public static CommandLine commandLine() {
        return new CommandLine(new PolicyCommand()).addSubcommand(new Test());
    }

    /** Runs the tests of policies. */
    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = {
                "Run the tests (kind PolicyTest) of the policies in a folder, offline.",
                "",
                "Each rule needs a case that it lets pass and one that it stops. Exits with 1 if a case fails or a rule"
                        + " is not tried both ways."
            },
            footer = {"", "Example:", "  countersign policy test sample-repo"})
    static final class Test implements Callable<Integer> {
        private static final String FOLDER = "policies";

        @Mixin
        private final Output output = new Output();

        @Parameters(paramLabel = "FOLDER", description = "A repository, or its folder of policies.")
        private Path folder;

        @Override
        public Integer call() {
            List<Policy> policies = new ArrayList<>();
            List<Document> tests = new ArrayList<>();
            read(policies, tests);
            List<PolicyTestResult> results = new PolicyTestRunner(new PolicyEngine())
                    .run(policies, tests)
                    .results();
            long failed = results.stream().filter(result -> !result.passed()).count();
            List<String> lines = new ArrayList<>();
            results.forEach(result -> lines.addAll(result.lines()));
            lines.add(policies.size() + " policies, " + results.size() + " checks, " + failed + " failed");
            output.print(view(results, failed == 0), lines);
            return failed == 0 ? ExitCode.DONE : ExitCode.REFUSED;
        }

        private void read(List<Policy> policies, List<Document> tests) {
            Path inside = folder.resolve(FOLDER);
            FolderFiles files = FolderFiles.of(Files.isDirectory(inside) ? inside : folder);
            Documents documents = new Documents();
            for (String path : files.paths()) {
                if (path.endsWith(".yaml")) {
                    byte[] bytes = files.read(path);
                    documents.read(FOLDER + "/" + path, bytes).ifPresent(document -> {
                        if (document.kind() == Kind.POLICY) {
                            policies.add(Policy.read(document, bytes));
                        } else if (document.kind() == Kind.POLICY_TEST) {
                            tests.add(document);
                        }
                    });
                }
            }
            if (policies.isEmpty()) {
                throw new Refusal("no-policies", folder + " holds no documents of kind Policy");
            }
        }

        private static Map<String, Object> view(List<PolicyTestResult> results, boolean good) {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("good", good);
            view.put(
                    "results",
                    results.stream()
                            .map(result -> Map.of(
                                    "policy",
                                    result.policy(),
                                    "name",
                                    result.name(),
                                    "passed",
                                    result.passed(),
                                    "complaints",
                                    result.complaints()))
                            .toList());
            return view;
        }
    }
}
