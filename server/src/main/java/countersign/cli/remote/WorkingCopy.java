package countersign.cli.remote;

import countersign.codec.Refusal;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder as Git sees it, asked of the user's own {@code git}.
 *
 * @param folder the folder
 */
public record WorkingCopy(Path folder) {
    /** The top of the working copy that the folder is in; empty outside of one. */
    public Optional<Path> root() {
        return git("rev-parse", "--show-toplevel").map(Path::of);
    }

    /** The top, or a Refusal {@code not-a-clone}. */
    public Path requireRoot() {
        return root().orElseThrow(() -> new Refusal(
                "not-a-clone",
                folder.toAbsolutePath().normalize() + " is in no working copy of Git",
                "clone the repository first, then run this inside the clone"));
    }

    /** The commit that is checked out, or a Refusal {@code no-commit}. */
    public String requireHead() {
        return git("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
                .orElseThrow(() -> new Refusal("no-commit", folder + " has no commit checked out"));
    }

    /** Where {@code origin} is fetched from. */
    public Optional<String> originUrl() {
        return git("remote", "get-url", "origin");
    }

    /** Where the server behind {@code origin} publishes the schema of a kind; for editors. */
    public String schema(String kind) {
        String server = originUrl()
                .flatMap(ServerUrl::ofRemote)
                .map(url -> url.base().toString())
                .orElse("https://countersign.dev");
        return server + "/schemas/v1/" + kind + ".json";
    }

    /** A setting of Git. */
    public Optional<String> setting(String name) {
        return git("config", "--get", name);
    }

    /** True if there is something that is not committed. */
    public boolean hasUncommitted() {
        return git("status", "--porcelain").isPresent();
    }

    private Optional<String> git(String... arguments) {
        Subprocess.Result result = Subprocess.git(folder, arguments);
        return result.code() == 0 && !result.output().isEmpty() ? Optional.of(result.output()) : Optional.empty();
    }
}
