package countersign.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves a data folder until the process is told to end. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Serve a data folder over HTTP: Git at /git/<name>.git, the API at /api/v1.",
            "",
            "Put a reverse proxy with TLS before it; tokens travel in the clear otherwise. SIGTERM ends it gracefully."
        })
final class ServeCommand implements Callable<Integer> {
    private final Program program;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, description = "The data folder that countersign init made.")
    private Path data;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on; ${DEFAULT-VALUE}.")
    private String host;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "Port; 0 for any free one. Default ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--url", description = "How people reach the server. Default: http://<host>:<port>")
    private @Nullable String url;

    @Option(names = "--targets", description = "Folder of directory targets. Default: <data>/targets")
    private @Nullable Path targets;

    ServeCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Program.Running running = program.serve(new Program.Serve(data, host, port, url, targets))) {
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            CommandLine command = spec.commandLine();
            CountersignCommand.print(command, List.of("listening at " + running.url()));
            running.readOnlyReason().ifPresent(reason -> {
                command.getErr().println("READ-ONLY: " + reason);
                command.getErr().flush();
            });
            new CountDownLatch(1).await();
        }
        return CountersignCommand.DONE;
    }
}
