package countersign.store;

import countersign.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server of the tests' own, in a folder that is thrown away: one for all test classes of a run, a new
 * database for each test. It asks for a password. Where PostgreSQL is not installed, tests that need it are skipped,
 * unless the environment says {@code COUNTERSIGN_TEST_POSTGRESQL=required}.
 */
public final class PostgresServer {
    public static final String USER = "countersign";
    public static final String PASSWORD = "correct horse";

    private static final int PORTS = 5;
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static Optional<PostgresServer> running = Optional.empty();

    private final Path programs;
    private final Path folder;
    private final List<String> asUser;
    private final int port;

    private PostgresServer(Path programs) throws IOException, InterruptedException {
        this.programs = programs;
        this.folder = Files.createTempDirectory("postgresql");
        this.asUser = asUser();
        Path password = Files.writeString(folder.resolve("password"), PASSWORD);
        own(folder);
        own(password);
        run("initdb", "-D", data(), "-U", USER, "-A", "scram-sha-256", "--pwfile", password.toString(), "-N");
        this.port = start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    }

    /** At a port at which nobody listened a moment ago. */
    private int start() throws IOException, InterruptedException {
        IOException taken = new IOException("no port was tried");
        for (int attempt = 0; attempt < PORTS; attempt++) {
            int free = Ports.free();
            String options = "-h 127.0.0.1 -F -p " + free + " -k " + folder;
            try {
                run("pg_ctl", "-D", data(), "-w", "-l", folder.resolve("log").toString(), "-o", options, "start");
                return free;
            } catch (IOException failed) {
                taken = failed;
            }
        }
        throw taken;
    }

    /** The address of a new, empty database; ends the test as skipped if PostgreSQL is not installed. */
    public static synchronized DatabaseAddress newDatabase() {
        Optional<Path> programs = programs();
        boolean required = "required".equals(System.getenv("COUNTERSIGN_TEST_POSTGRESQL"));
        Assumptions.assumeTrue(
                programs.isPresent() || required, "PostgreSQL is not installed; on Debian: apt-get install postgresql");
        try {
            if (running.isEmpty()) {
                running = Optional.of(new PostgresServer(programs.orElseThrow()));
            }
            return running.get().create("shop" + DATABASES.incrementAndGet());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (SQLException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private DatabaseAddress create(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"), USER, PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        return new DatabaseAddress(url(name), USER, PASSWORD);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void stop() {
        try {
            run("pg_ctl", "-D", data(), "-m", "immediate", "stop");
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(asUser);
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("postgresql", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException(command + ": " + Files.readString(output));
        }
        Files.delete(output);
    }

    /** PostgreSQL refuses to run as root. */
    private static List<String> asUser() {
        return isRoot() ? List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups") : List.of();
    }

    private static void own(Path path) throws IOException {
        if (isRoot()) {
            UserPrincipal nobody =
                    path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            Files.setOwner(path, nobody);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** The folder of the newest version's programs. */
    private static Optional<Path> programs() {
        List<Path> folders = new ArrayList<>();
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.sorted(Comparator.comparing((Path version) ->
                                        version.getFileName().toString().length())
                                .thenComparing(Path::getFileName)
                                .reversed())
                        .map(version -> version.resolve("bin"))
                        .forEach(folders::add);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        Stream.of(System.getenv("PATH").split(":")).map(Path::of).forEach(folders::add);
        return folders.stream()
                .filter(folder ->
                        Files.isExecutable(folder.resolve("initdb")) && Files.isExecutable(folder.resolve("pg_ctl")))
                .findFirst();
    }
}
