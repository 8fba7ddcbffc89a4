package countersign.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A clone in the hands of the stock git client. */
final class GitClient {
    private final Path folder;

    private GitClient(Path folder) {
        this.folder = folder;
    }

    static GitClient clone(String url, Path folder) throws IOException, InterruptedException {
        GitClient clone = new GitClient(Files.createDirectories(folder));
        clone.git("clone", "-q", url, ".");
        clone.git("config", "user.name", ShopFolder.AUTHOR);
        clone.git("config", "user.email", ShopFolder.AUTHOR + "@shop.example");
        clone.git("config", "gc.auto", "0");
        return clone;
    }

    /** Commits a change of one system on top of the server's main. */
    void commit(String change, int system) throws IOException, InterruptedException {
        git("fetch", "-q", "origin", "main");
        git("checkout", "-q", "-B", "change/" + change, "FETCH_HEAD");
        write(ShopFolder.requestPath(change), ShopFolder.request(change));
        write(ShopFolder.path(system), ShopFolder.system(system, change));
        git("add", "--", ShopFolder.requestPath(change), ShopFolder.path(system));
        git("commit", "-q", "-m", "Release " + change);
    }

    void push(String change) {
        try {
            git("push", "-q", "origin", "change/" + change);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        GitProcess.run(folder, arguments);
    }
}
