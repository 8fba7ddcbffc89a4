package countersign.cli.data;

import countersign.cli.console.ExitCode;
import countersign.cli.console.NamedFile;
import countersign.cli.console.Output;
import countersign.codec.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Founds a repository. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Found a repository in an empty data folder: its keys, its genesis commit, its record log.",
            "",
            "The genesis holds the files of --content, or those of a commit of an existing repository (--adopt), or the"
                    + " former over the latter. People documents there that say 'keys: []' get the keys named by --key. At least one offline recovery key is needed: it is the way back if every"
                    + " administrator's key is lost."
        },
        footer = {
            "",
            "Example:",
            "  ssh-keygen -t ed25519 -f recovery",
            "  countersign init --data /srv/countersign --content sample-repo --name shop \\",
            "    --key ann=ann.pub --key carol=carol.pub --recovery-key recovery.pub"
        })
final class InitCommand implements Callable<Integer> {

    private final Program program;

    @Mixin
    private final Output output = new Output();

    @Option(names = "--data", required = true, description = "The data folder, absent or empty.")
    private Path data;

    @Option(names = "--content", description = "Folder with the first documents.")
    private @Nullable Path content;

    @Option(
            names = "--adopt",
            paramLabel = "REPOSITORY",
            description = "Git repository on this machine to go on from: its files and its history become ours.")
    private @Nullable Path adopt;

    @Option(
            names = "--commit",
            defaultValue = "HEAD",
            description = "Which commit to adopt. Default: ${DEFAULT-VALUE}.")
    private String commit;

    @Option(names = "--name", defaultValue = "repository", description = "Name of the repository; a DNS label.")
    private String name;

    @Option(names = "--origin", description = "Origin of the record log, for ever. Default: <name>.invalid/log")
    private @Nullable String origin;

    @Option(names = "--key", description = "First key of a person: <person>=<file of an SSH public key>. Repeatable.")
    private List<String> keys = new ArrayList<>();

    @Option(names = "--recovery-key", required = true, description = "File of an offline recovery key. Repeatable.")
    private List<Path> recovery = new ArrayList<>();

    @Option(names = "--recovery-threshold", defaultValue = "1", description = "Recovery keys that a recovery needs.")
    private int recoveryThreshold;

    InitCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        Program.Founded founded = program.init(new Program.Init(
                data,
                content(),
                name,
                origin == null ? name + ".invalid/log" : origin,
                PersonKeys.parse(keys),
                recovery.stream().map(NamedFile::publicKey).toList(),
                recoveryThreshold));
        output.print(
                founded,
                List.of(
                        "founded " + name + " in " + data,
                        "  repository   " + founded.id(),
                        "  genesis      " + founded.genesis(),
                        "  content root " + founded.contentRoot(),
                        "Write genesis and content root down; countersign verify checks against them.",
                        "Next:",
                        "  countersign token create --data " + data + " --person <name>",
                        "  countersign serve --data " + data));
        return ExitCode.DONE;
    }

    private Program.Content content() {
        if (content == null && adopt == null) {
            throw new Refusal(
                    "no-content",
                    "a genesis needs documents and none are named",
                    "add --content FOLDER or --adopt FOLDER");
        }
        return new Program.Content(adopt == null ? null : new Program.Adopted(adopt, commit), content);
    }
}
