package countersign.cli.folder;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Findings;
import countersign.cli.console.Output;
import countersign.codec.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Validates a folder. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Validate every document of a folder or clone, offline.",
            "",
            "Prints a line for each finding, as path:line:column: message [rule]; way out. Checks paths, schemas,"
                    + " references, unique names, secrets, payload, and that policies compile. Exits with 1 if any of"
                    + " them is an error."
        },
        footer = {"", "Example:", "  countersign validate sample-repo"})
public final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "FOLDER", description = "The folder: the top of a repository.")
    private Path folder;

    @Override
    public Integer call() {
        FolderFiles files = FolderFiles.of(folder);
        List<Finding> findings = new FolderCheck(files).run();
        long errors = findings.stream().filter(Finding::blocks).count();
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("good", errors == 0);
        view.put("files", files.paths().size());
        view.put("findings", Findings.views(findings));
        List<String> lines = new ArrayList<>();
        findings.forEach(finding -> lines.add(Findings.line(finding)));
        lines.add(files.paths().size() + " files, " + errors + " errors, " + (findings.size() - errors) + " warnings");
        output.print(view, lines);
        return errors == 0 ? ExitCode.DONE : ExitCode.REFUSED;
    }
}
