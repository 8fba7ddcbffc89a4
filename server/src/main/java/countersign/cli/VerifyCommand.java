package countersign.cli;

import countersign.audit.AuditLine;
import countersign.audit.CloneAudit;
import countersign.codec.Sha256;
import countersign.repository.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies a clone offline. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Verify a plain clone, without a server: the record log, every merge, every vote, every receipt.",
            "",
            "Prints a line per check and exits with 0 only if nothing is wrong. What was applied by the server itself"
                    + " (push drivers) is the server's word; only pull agents check before they apply."
        },
        footer = {
            "",
            "Example:",
            "  git clone --mirror <url> shop.git && countersign verify --genesis <commit> shop.git"
        })
final class VerifyCommand implements Callable<Integer> {
    private final Program program;

    @Spec
    private CommandSpec spec;

    @Option(names = "--genesis", required = true, description = "The genesis commit, as init printed it.")
    private String genesis;

    @Option(names = "--content-root", description = "The genesis' content root, as init printed it.")
    private @Nullable String contentRoot;

    @Option(names = "--json", description = "Print the lines as JSON.")
    private boolean json;

    @Parameters(paramLabel = "CLONE", description = "Folder of the clone, bare or not.")
    private Path clone;

    VerifyCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        CloneAudit.Pin pin = new CloneAudit.Pin(genesis, contentRoot == null ? null : new Sha256(contentRoot));
        List<AuditLine> lines = new ArrayList<>();
        boolean good;
        try (Repository repository = program.openClone(clone)) {
            good = new CloneAudit(repository).verify(pin, line -> {
                lines.add(line);
                if (!json) {
                    CountersignCommand.print(spec.commandLine(), List.of(line.toString()));
                }
            });
        }
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("good", good);
            result.put("lines", lines.stream().map(VerifyCommand::view).toList());
            CountersignCommand.printJson(spec.commandLine(), result);
        } else {
            CountersignCommand.print(spec.commandLine(), List.of(good ? "verified" : "NOT VERIFIED"));
        }
        return good ? CountersignCommand.DONE : CountersignCommand.REFUSED;
    }

    private static Map<String, Object> view(AuditLine line) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("subject", line.subject());
        view.put("good", line.good());
        view.put("detail", line.detail());
        view.put(
                "findings",
                line.findings().stream().map(CountersignCommand::view).toList());
        view.put("command", line.command());
        return view;
    }
}
