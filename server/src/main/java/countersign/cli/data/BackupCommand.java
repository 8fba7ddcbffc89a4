package countersign.cli.data;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies a data folder, or lets the server that has it do that. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Copy the data folder of a stopped server, or have a running server copy its own.",
            "",
            "A running server puts the copy into the folder that 'serve --backups' names; it needs a token with the scope"
                    + " admin, and goes on working meanwhile. A PostgreSQL database is not in the copy: pg_dump it first.",
            "The copy holds the server's keys: guard it as you guard the server."
        },
        footer = {
            "",
            "Examples:",
            "  countersign backup --data /srv/countersign --to /backup/$(date +%%F)",
            "  countersign backup --name $(date +%%F) --server https://countersign.example"
        })
final class BackupCommand implements Callable<Integer> {
    private static final int LONGEST_PAUSE_MILLIS = 2_000;

    private final Program program;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    BackupCommand(Program program, Shell shell) {
        this.program = program;
        this.connection = new Connection(shell);
    }

    /** One of the two. */
    private static final class Source {
        @ArgGroup(exclusive = false)
        private @Nullable Stopped stopped;

        @Option(names = "--name", required = true, description = "What a running server calls the copy.")
        private @Nullable String name;
    }

    /** The folder of a server that is stopped. */
    private static final class Stopped {
        @Option(names = "--data", required = true, description = "The data folder.")
        private @Nullable Path data;

        @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "The copy; absent or empty.")
        private @Nullable Path to;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (source.stopped == null) {
            return ask(connection.open(output), Objects.requireNonNull(source.name));
        }
        Path data = Objects.requireNonNull(source.stopped.data);
        Path to = Objects.requireNonNull(source.stopped.to);
        program.backup(data, to);
        output.print(Map.of("data", data.toString(), "to", to.toString()), List.of("copied " + data + " to " + to));
        return ExitCode.DONE;
    }

    private int ask(RemoteServer server, String name) throws InterruptedException {
        RemoteServer.Answer answer = server.post("/backups", Map.of("name", name), Map.of());
        String path = "/backups/" + name;
        for (int pause = 50;
                answer.fields().text("state").equals("working");
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            TimeUnit.MILLISECONDS.sleep(pause);
            answer = server.get(path);
        }
        Fields backup = answer.fields();
        if (backup.text("state").equals("failed")) {
            throw new UncheckedIOException(
                    new IOException("the server could not make the backup: " + backup.text("reason")));
        }
        output.print(answer.json(), lines(name, backup.object("content")));
        return ExitCode.DONE;
    }

    private static List<String> lines(String name, Fields content) {
        return List.of(
                "the server made the backup " + name + " at " + content.text("folder"),
                "  main      " + content.text("main"),
                "  log       " + content.integer("logSize") + " entries, root " + content.text("logRoot"),
                "  database  " + (content.flag("database") ? "included" : "not included: it has backups of its own"));
    }
}
