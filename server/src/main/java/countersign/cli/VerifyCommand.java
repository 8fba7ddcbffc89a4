package countersign.cli;

import countersign.audit.AuditLine;
import countersign.audit.CloneAudit;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Findings;
import countersign.cli.console.Output;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

    @Mixin
    private final Output output = new Output();

    @Option(names = "--genesis", required = true, description = "The genesis commit, as init printed it.")
    private String genesis;

    @Option(names = "--content-root", description = "The genesis' content root, as init printed it.")
    private @Nullable String contentRoot;

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
                if (output.json()) {
                    lines.add(line);
                }
                output.say(List.of(line.toString()));
            });
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("good", good);
        view.put("lines", lines.stream().map(VerifyCommand::view).toList());
        output.print(view, List.of(good ? "verified" : "NOT VERIFIED"));
        return good ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private static Map<String, Object> view(AuditLine line) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("subject", line.subject());
        view.put("good", line.good());
        view.put("detail", line.detail());
        view.put("findings", Findings.views(line.findings()));
        view.put("command", line.command());
        return view;
    }
}
