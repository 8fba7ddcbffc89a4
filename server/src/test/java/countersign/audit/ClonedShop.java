package countersign.audit;

import countersign.TemporaryFolder;
import countersign.audit.start.StartingPoint;
import countersign.change.Shop;
import countersign.codec.Finding;
import countersign.git.GitRepository;
import countersign.log.Faults;
import countersign.merge.LogMirror;
import countersign.repository.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A shop of which clones are made as it goes on, each judged by our own audit and by the independent program. */
public final class ClonedShop implements AutoCloseable {
    private static final Path PROGRAM = Path.of("server/src/test/resources/python/verify_clone.py");

    public final Shop shop;
    private final TemporaryFolder temporary = TemporaryFolder.open();
    private final Path folder = temporary.path();
    private final GitRepository repository;
    private final String genesis;

    private ClonedShop() {
        this.repository = GitRepository.create(folder.resolve("server.git"));
        this.shop = Shop.open(folder, repository, Faults.NONE);
        this.genesis = shop.changes().main();
    }

    /** A shop in a folder of its own, which goes when the shop is closed. */
    public static ClonedShop open() {
        return new ClonedShop();
    }

    /**
     * What both say of a fresh clone.
     *
     * @param lines of our own audit
     * @param independent what the other program printed
     */
    public record Verdict(boolean good, List<AuditLine> lines, boolean independentlyGood, String independent) {
        /** The rules that our own audit found broken. */
        public List<String> rules() {
            return lines.stream()
                    .flatMap(line -> line.findings().stream())
                    .map(Finding::rule)
                    .toList();
        }

        public String text() {
            return lines.toString();
        }
    }

    public String genesis() {
        return genesis;
    }

    /** A clone of what is published now. */
    public Path fresh() throws IOException, InterruptedException {
        new LogMirror(repository, shop.log(), shop.now::get).publish();
        repository.flush();
        Path clone = Files.createTempDirectory(folder, "clone").resolve("shop.git");
        run("git", "clone", "--quiet", "--mirror", folder.resolve("server.git").toString(), clone.toString());
        return clone;
    }

    public Verdict verify() throws IOException, InterruptedException {
        return verify(fresh());
    }

    /** What both say of a clone that somebody has. */
    Verdict verify(Path clone) throws IOException, InterruptedException {
        List<AuditLine> lines = new ArrayList<>();
        boolean good;
        try (Repository opened = GitRepository.openForReading(clone)) {
            good = new CloneAudit(opened).verify(new StartingPoint.Genesis(genesis, null), lines::add);
        }
        Said said = run("python3", "-B", PROGRAM.toString(), genesis, clone.toString());
        return new Verdict(good, lines, said.exit == 0, said.text);
    }

    @Override
    public void close() {
        shop.close();
        temporary.close();
    }

    private record Said(int exit, String text) {}

    private static Said run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
