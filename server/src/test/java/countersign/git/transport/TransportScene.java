package countersign.git.transport;

import countersign.TemporaryFolder;
import countersign.git.Git;
import countersign.git.GitRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A served repository with one commit on main, and the working folder of somebody who pushed that. */
final class TransportScene implements AutoCloseable {
    private final TemporaryFolder temporary = TemporaryFolder.open();

    final Path folder = temporary.path();
    final RecordingPolicy recording = new RecordingPolicy();
    final GitRepository store;
    final TransportServer server;
    final Git work;

    private TransportScene() throws IOException, InterruptedException {
        store = GitRepository.create(folder.resolve("store.git"));
        server = new TransportServer(new SmartTransport(store), recording);
        new Git(folder).run("init", "-q", "-b", "main", "work");
        work = new Git(folder.resolve("work"));
        work.run("remote", "add", "origin", server.url());
        commit("README.md", "hello\n");
        work.run("push", "-q", "origin", "main");
    }

    static TransportScene open() {
        try {
            return new TransportScene();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    void commit(String path, String text) throws IOException, InterruptedException {
        Path file = folder.resolve("work").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        work.run("add", path);
        work.run("commit", "-q", "-m", "change " + path);
    }

    /** Git at the server's own folder. */
    Git storeGit() {
        return new Git(folder.resolve("store.git"));
    }

    /** What lies in quarantine. */
    List<Path> incoming() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("store.git/countersign/incoming"))) {
            return files.toList();
        }
    }

    @Override
    public void close() {
        server.close();
        store.close();
        temporary.close();
    }
}
