package countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.audit.start.StartingPoint;
import countersign.codec.Finding;
import countersign.codec.Sha256;
import countersign.git.Git;
import countersign.git.GitRepository;
import countersign.repository.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The audit of clones that the real git made of a real history. */
final class CloneAuditTest {
    @TempDir
    static Path folder;

    static History history;

    @BeforeAll
    static void play() throws Exception {
        history = History.play(folder);
    }

    @Test
    void a_clone_of_an_honest_server_is_good() throws Exception {
        Verdict verdict = verify(history.copy(folder.resolve("good")), history.genesis);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.good).isTrue();
        assertThat(verdict.text())
                .contains("not witnessed")
                .contains("#7 2026-11-21/lower-timeout")
                .contains("signed by bob (approver), carol (approver), erin (security)")
                .contains("receipt of web-production/checkout-production: applied");
    }

    @Test
    void a_clone_with_a_worktree_is_good() throws Exception {
        new Git(folder)
                .run("clone", "--quiet", history.copy(folder.resolve("bare")).toString(), "plain");

        assertThat(verify(folder.resolve("plain"), history.genesis).findings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_forgery_is_named_with_its_place_and_a_command(Forgery forgery) throws Exception {
        Path clone = history.copy(folder.resolve(forgery.name()));
        forgery.on(new Forger(clone, history));

        Verdict verdict = verify(clone, history.genesis);

        assertThat(verdict.good).isFalse();
        assertThat(verdict.findings()).extracting(Finding::rule).contains(forgery.rule);
        assertThat(verdict.bad()).anySatisfy(line -> assertThat(line.toString()).contains(forgery.place));
        assertThat(verdict.bad()).allSatisfy(line -> assertThat(line.command()).startsWith("git "));
    }

    @Test
    void a_merge_that_is_not_the_genesis_is_no_genesis() throws Exception {
        Path clone = history.copy(folder.resolve("wrong-pin"));

        Verdict verdict = verify(clone, history.lastMerge().after());

        assertThat(verdict.good).isFalse();
        assertThat(verdict.findings()).extracting(Finding::rule).containsExactly("genesis-commit");
    }

    @Test
    void a_genesis_that_the_clone_does_not_have_is_named() throws Exception {
        Verdict verdict = verify(history.copy(folder.resolve("other-pin")), "0123456789".repeat(4));

        assertThat(verdict.good).isFalse();
        assertThat(verdict.findings()).extracting(Finding::rule).containsExactly("no-such-commit");
    }

    @Test
    void a_content_root_other_than_the_pinned_one_is_named() throws Exception {
        Path clone = history.copy(folder.resolve("root-pin"));

        Verdict verdict = verify(clone, new StartingPoint.Genesis(history.genesis, Sha256.of(new byte[0])));

        assertThat(verdict.good).isFalse();
        assertThat(verdict.findings()).extracting(Finding::rule).containsExactly("genesis-content-root");
    }

    private static Verdict verify(Path clone, String genesis) {
        return verify(clone, new StartingPoint.Genesis(genesis, null));
    }

    private static Verdict verify(Path clone, StartingPoint.Genesis pin) {
        List<AuditLine> lines = new ArrayList<>();
        try (Repository repository = GitRepository.openForReading(clone)) {
            boolean good = new CloneAudit(repository).verify(pin, lines::add);
            return new Verdict(good, lines);
        }
    }

    private record Verdict(boolean good, List<AuditLine> lines) {
        List<AuditLine> bad() {
            return lines.stream().filter(line -> !line.good()).toList();
        }

        List<Finding> findings() {
            return bad().stream().flatMap(line -> line.findings().stream()).toList();
        }

        String text() {
            return lines.toString();
        }
    }
}
