package countersign.cli;

import countersign.audit.AuditLine;
import countersign.audit.CloneAudit;
import countersign.audit.start.Memory;
import countersign.audit.start.StartingPoint;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Findings;
import countersign.cli.console.NamedFile;
import countersign.cli.console.Output;
import countersign.cli.data.Program;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
            "Prints a line per check and exits with 0 only if nothing is wrong; with 4 if --deep found that policies say"
                    + " something else now, which breaks no chain. What was applied by the server itself"
                    + " (push drivers) is the server's word; only pull agents check before they apply."
        },
        footer = {
            "",
            "Example:",
            "  git clone --mirror <url> shop.git && countersign verify --genesis <commit> shop.git",
            "  countersign verify --checkpoint shop.memory --save shop.memory shop.git"
        })
final class VerifyCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private final Output output = new Output();

    @ArgGroup(multiplicity = "1")
    private Start start = new Start();

    @Option(names = "--content-root", description = "The content root of that commit; --from needs it.")
    private @Nullable String contentRoot;

    @Option(
            names = "--deep",
            description = "Evaluate the policies of every merge again, and say where gate.json differs.")
    private boolean deep;

    @Option(
            names = "--save",
            paramLabel = "FILE",
            description = "Keep for --checkpoint what was verified, if all is good.")
    private @Nullable Path save;

    /** Exactly one of them. */
    private static final class Start {
        @Option(names = "--genesis", paramLabel = "COMMIT", description = "The genesis commit, as init printed it.")
        private @Nullable String genesis;

        @Option(
                names = "--from",
                paramLabel = "COMMIT",
                description = "A later merge commit that is known to be good; what is before it is taken on trust.")
        private @Nullable String from;

        @Option(
                names = "--checkpoint",
                paramLabel = "FILE",
                description =
                        "What an earlier verification saved: only what is new is verified, and that it extends the old.")
        private @Nullable Path checkpoint;
    }

    @Parameters(paramLabel = "CLONE", description = "Folder of the clone, bare or not.")
    private Path clone;

    VerifyCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        List<AuditLine> lines = new ArrayList<>();
        AtomicBoolean differs = new AtomicBoolean();
        CloneAudit.Outcome outcome;
        try (Repository repository = program.openClone(clone)) {
            CloneAudit.Depth depth = deep ? CloneAudit.Depth.POLICIES : CloneAudit.Depth.CHAIN;
            outcome = new CloneAudit(repository).verify(startingPoint(), depth, line -> {
                if (output.json()) {
                    lines.add(line);
                }
                differs.compareAndSet(false, line.good() && !line.findings().isEmpty());
                output.say(List.of(line.toString()));
            });
        }
        Path kept = save;
        if (kept != null) {
            outcome.memory().ifPresent(memory -> NamedFile.write(kept, memory.bytes()));
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("good", outcome.good());
        view.put("differs", differs.get());
        view.put("lines", lines.stream().map(VerifyCommand::view).toList());
        output.print(view, List.of(said(outcome.good(), differs.get())));
        return outcome.good() ? differs.get() ? ExitCode.FOUND : ExitCode.DONE : ExitCode.REFUSED;
    }

    private static String said(boolean good, boolean differs) {
        if (!good) {
            return "NOT VERIFIED";
        }
        return differs ? "verified, but policies say something else now" : "verified";
    }

    private StartingPoint startingPoint() {
        Sha256 root = contentRoot == null ? null : new Sha256(contentRoot);
        if (start.checkpoint != null) {
            return new StartingPoint.Remembered(Memory.parse(read(start.checkpoint)));
        }
        if (start.from != null) {
            if (root == null) {
                throw new Refusal(
                        "content-root-missing", "--from needs the content root of its commit", "--content-root");
            }
            return new StartingPoint.Later(start.from, root);
        }
        return new StartingPoint.Genesis(Objects.requireNonNull(start.genesis), root);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
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
