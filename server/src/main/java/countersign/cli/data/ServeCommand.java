package countersign.cli.data;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves a data folder until the process is told to end. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Serve a data folder over HTTP: Git at /git/<name>.git, the API at /api/v1.",
            "",
            "Put a reverse proxy with TLS before it; tokens travel in the clear otherwise. SIGTERM ends it gracefully."
        },
        footer = {
            "",
            "Example:",
            "  countersign serve --data /srv/countersign --port 8080 --url https://changes.example.com"
        })
final class ServeCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private final Output output = new Output();

    @Option(names = "--data", required = true, description = "The data folder that countersign init made.")
    private Path data;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "Port; 0 for any free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--url", description = "How people reach the server. Default: http://<host>:<port>")
    private @Nullable String url;

    @Option(names = "--targets", description = "Folder of directory targets. Default: <data>/targets")
    private @Nullable Path targets;

    @Option(
            names = "--backups",
            paramLabel = "FOLDER",
            description = "Where countersign backup --name puts backups of this server while it runs. Default: nowhere")
    private @Nullable Path backups;

    @Option(
            names = "--database",
            paramLabel = "JDBC-URL",
            description = {
                "A PostgreSQL database, for example jdbc:postgresql://db.example/countersign. User and password come from"
                        + " COUNTERSIGN_DATABASE_USER and COUNTERSIGN_DATABASE_PASSWORD, or the file that"
                        + " COUNTERSIGN_DATABASE_PASSWORD_FILE names.",
                "Default: $COUNTERSIGN_DATABASE, or an embedded one in the data folder"
            })
    private @Nullable String database;

    @Option(
            names = "--behind-proxy",
            description = "Every request comes through a reverse proxy, whose X-Forwarded-For says from where.")
    private boolean behindProxy;

    ServeCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws InterruptedException {
        Program.Address address = new Program.Address(host, port, url, behindProxy);
        try (Program.Running running = program.serve(new Program.Serve(data, address, targets, backups, database))) {
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            output.print(Map.of("url", running.url()), List.of("listening at " + running.url()));
            running.readOnlyReason().ifPresent(reason -> output.warn("READ-ONLY: " + reason));
            new CountDownLatch(1).await();
        }
        return ExitCode.DONE;
    }
}
