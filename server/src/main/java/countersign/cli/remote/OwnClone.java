package countersign.cli.remote;

import countersign.codec.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the user's own clone, against which a verb checks what the server says. */
public final class OwnClone {
    @Option(
            names = "--clone",
            paramLabel = "FOLDER",
            description = "Your own clone, to check the server against. Default: the one you stand in, if it is of that"
                    + " server.")
    private @Nullable Path clone;

    /** The clone that was named, or the one the user stands in if it was cloned from that server. */
    public Optional<Path> find(Shell shell, RemoteServer server) {
        return named().or(() -> {
            WorkingCopy here = new WorkingCopy(shell.folder());
            return here.originUrl()
                    .flatMap(ServerUrl::ofRemote)
                    .filter(url -> url.base().equals(server.base()))
                    .flatMap(url -> here.root());
        });
    }

    /** The folder, or a Refusal {@code no-repository}. */
    public static Path requireFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new Refusal("no-repository", "there is no folder " + folder);
        }
        return folder;
    }

    /** The clone that was named, or the one the user stands in. */
    public Optional<Path> find(Shell shell) {
        return named().or(() -> new WorkingCopy(shell.folder()).root());
    }

    private Optional<Path> named() {
        return Optional.ofNullable(clone).map(OwnClone::requireFolder);
    }
}
