package countersign.cli;

import countersign.access.TrustedSigners;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.OwnClone;
import countersign.cli.remote.Shell;
import countersign.merge.clone.CloneReview;
import countersign.repository.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints whom main trusts. */
@Command(
        name = "allowed-signers",
        mixinStandardHelpOptions = true,
        description = {
            "Print whom main trusts as a file that ssh-keygen and Git understand.",
            "",
            "From the clone you stand in or name with --clone; outside of one, from the server."
        },
        footer = {
            "",
            "Example, check a vote by hand:",
            "  countersign allowed-signers > allowed_signers",
            "  ssh-keygen -Y verify -f allowed_signers -I carol -n vote@countersign.dev \\",
            "    -s carol.json.sig < carol.json"
        })
final class AllowedSignersCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Mixin
    private final OwnClone ownClone = new OwnClone();

    AllowedSignersCommand(Shell shell) {
        this.shell = shell;
        connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        Optional<Path> folder = ownClone.find(shell);
        String text = folder.map(this::ofClone)
                .orElseGet(() -> connection.open(output).get("/allowed-signers").text());
        if (output.json()) {
            output.print(Map.of("allowedSigners", text), List.of());
        } else {
            output.raw(text);
        }
        return ExitCode.DONE;
    }

    private String ofClone(Path folder) {
        try (Repository clone = shell.clones().apply(folder)) {
            return TrustedSigners.write(new CloneReview(clone).trust());
        }
    }
}
