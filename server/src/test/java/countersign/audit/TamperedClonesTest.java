package countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.audit.start.StartingPoint;
import countersign.data.DataCopy;
import countersign.git.GitRepository;
import countersign.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clones that chance has tampered with, each judged by our own audit and by the independent program. {@code -Dtamper.runs}
 * and {@code -Dtamper.seed} ask for more, or for others; a failure says the seed of each clone about which they differ.
 */
final class TamperedClonesTest {
    private static final int RUNS = Integer.getInteger("tamper.runs", 40);
    private static final long SEED = Long.getLong("tamper.seed", 20_261_122);

    @TempDir
    Path folder;

    /** What our own audit says of a clone. */
    private record Verdict(boolean good, List<AuditLine> bad) {}

    @Test
    void two_verifiers_that_share_no_code_agree_about_every_tampered_clone() throws Exception {
        History history = History.play(folder);
        List<String> problems = new ArrayList<>();

        try (SecondOpinion second = SecondOpinion.start()) {
            for (long seed = SEED; seed < SEED + RUNS; seed++) {
                try {
                    judge(history, second, seed);
                } catch (AssertionError problem) {
                    problems.add("-Dtamper.seed=" + seed + " -Dtamper.runs=1: " + problem.getMessage());
                }
            }
        }

        assertThat(problems).as(problems.size() + " of " + RUNS).isEmpty();
    }

    private void judge(History history, SecondOpinion second, long seed) throws IOException, InterruptedException {
        Path place = Files.createDirectory(folder.resolve("seed-" + seed));
        Path clone = history.copy(place.resolve("clone.git"));
        RandomForgery.Done done = new RandomForgery(new Forger(clone, history), new SplittableRandom(seed)).apply();

        Verdict ours = verify(clone, history.genesis, done);
        SecondOpinion.Opinion theirs = second.about(clone, history.genesis);

        String what = done.what() + "\nours: " + ours.bad() + "\ntheirs: " + theirs.text();
        assertThat(theirs.good()).as(what).isEqualTo(ours.good());
        switch (done.harm()) {
            case SURE -> assertThat(ours.good()).as(what).isFalse();
            case NONE -> assertThat(ours.good()).as(what).isTrue();
            case PERHAPS -> {}
        }
        requireNamed(ours, what);
        assertThat(clone.resolve("touched")).as(what).doesNotExist();
        DataCopy.delete(place);
    }

    /** A refusal says where, by which rule, and how to look at it. */
    private static void requireNamed(Verdict ours, String what) {
        assertThat(ours.bad().isEmpty()).as(what).isEqualTo(ours.good());
        assertThat(ours.bad()).as(what).allSatisfy(line -> {
            assertThat(line.subject()).isNotBlank();
            assertThat(line.command()).startsWith("git ");
            assertThat(line.findings())
                    .allSatisfy(finding -> assertThat(finding.rule()).matches("[a-z0-9-]+"));
        });
    }

    private static Verdict verify(Path clone, String genesis, RandomForgery.Done done) {
        List<AuditLine> lines = new ArrayList<>();
        try (Repository opened = GitRepository.openForReading(clone)) {
            boolean good = new CloneAudit(opened).verify(new StartingPoint.Genesis(genesis, null), lines::add);
            return new Verdict(good, lines.stream().filter(line -> !line.good()).toList());
        } catch (RuntimeException broken) {
            throw new AssertionError("the audit breaks on " + done.what() + ": " + broken, broken);
        }
    }
}
