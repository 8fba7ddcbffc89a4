package countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.audit.start.Memory;
import countersign.audit.start.StartingPoint;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.git.GitRepository;
import countersign.log.LogEntry;
import countersign.repository.Repository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifications that begin where an earlier one ended, or at a later merge that is known to be good. */
final class RememberedAuditTest {
    @TempDir
    static Path folder;

    static History history;
    static Path earlier;
    static Memory memory;

    private record Verdict(CloneAudit.Outcome outcome, List<AuditLine> lines) {
        List<String> rules() {
            return lines.stream()
                    .flatMap(line -> line.findings().stream())
                    .map(Finding::rule)
                    .toList();
        }

        String text() {
            return lines.toString();
        }
    }

    @BeforeAll
    static void play() throws Exception {
        history = History.play(folder);
        earlier = history.copy(folder.resolve("earlier"));
        Forger back = new Forger(earlier, history);
        back.git("update-ref", Forger.LOG, Forger.LOG + "~1");
        back.git("update-ref", Forger.MAIN, merge(3).after());
        memory = verify(earlier, genesis()).outcome.memory().orElseThrow();
    }

    @Test
    void only_what_is_new_is_verified_and_remembered_again() throws Exception {
        Path clone = history.copy(folder.resolve("new"));

        Verdict verdict = verify(clone, new StartingPoint.Remembered(memory));

        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.outcome.good()).isTrue();
        assertThat(verdict.text()).doesNotContain("#3 ").contains("#4 ").contains("#7 ");
        assertThat(verdict.outcome.memory())
                .isEqualTo(verify(clone, genesis()).outcome.memory());
        assertThat(independent(clone, memory)).contains("ok    remembered  ").endsWith("\nverified\n");
    }

    @Test
    void the_independent_program_holds_a_clone_to_what_was_remembered() throws Exception {
        Path clone = history.copy(folder.resolve("independent"));
        Memory newest = verify(clone, genesis()).outcome.memory().orElseThrow();
        Memory lie = new Memory(
                newest.checkpoint(),
                newest.subtrees(),
                newest.head(),
                newest.contentRoot(),
                newest.seq() - 1,
                newest.latest(),
                newest.kept());

        assertThat(independent(clone, newest)).endsWith("\nverified\n");
        assertThat(independent(earlier, newest)).contains("FAIL  remembered: log-truncated");
        assertThat(independent(clone, lie)).contains("FAIL  remembered: remembered merges must be 7, is 6");
    }

    private static String independent(Path clone, Memory memory) throws Exception {
        Path saved = Files.write(Files.createTempFile(folder, "saved", ".json"), memory.bytes());
        Process process = new ProcessBuilder(
                        "python3",
                        "-B",
                        "server/src/test/resources/python/verify_clone.py",
                        history.genesis,
                        clone.toString(),
                        saved.toString())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void a_memory_is_read_as_it_was_written() {
        assertThat(Memory.parse(memory.bytes())).isEqualTo(memory);
    }

    @Test
    void a_memory_whose_subtrees_do_not_fit_its_checkpoint_is_refused() {
        String text = new String(memory.bytes(), StandardCharsets.UTF_8);
        String subtree = memory.subtrees().get(0).hex();

        Refusal refusal = catchThrowableOfType(
                Refusal.class,
                () -> Memory.parse(text.replace("\"" + subtree + "\"", "")
                        .replace("[,", "[")
                        .getBytes(StandardCharsets.UTF_8)));

        assertThat(refusal.rule()).isEqualTo("malformed-memory");
    }

    @Test
    void a_log_that_was_rolled_back_since_is_named() throws Exception {
        Memory newest = verify(history.copy(folder.resolve("newest")), genesis())
                .outcome
                .memory()
                .orElseThrow();

        Verdict verdict = verify(earlier, new StartingPoint.Remembered(newest));

        assertThat(verdict.outcome.good()).isFalse();
        assertThat(verdict.rules()).contains("log-truncated");
    }

    @Test
    void a_fork_from_the_same_genesis_is_named() throws Exception {
        Path clone = history.copy(folder.resolve("fork"));
        List<byte[]> entries = new ArrayList<>(history.entries);
        entries.subList(4, 6).clear();
        entries.addAll(history.entries.subList(4, 10));
        new Forger(clone, history).logAgain(entries);

        Verdict verdict = verify(clone, new StartingPoint.Remembered(memory));

        assertThat(verdict.outcome.good()).isFalse();
        assertThat(verdict.rules()).containsExactly("log-forked");
        assertThat(independent(clone, memory)).contains("FAIL  remembered: log-forked");
    }

    @Test
    void what_is_forged_behind_the_memory_is_found() throws Exception {
        Path clone = history.copy(folder.resolve("forged"));
        Forgery.VOTE_REMERGED.on(new Forger(clone, history));

        Verdict verdict = verify(clone, new StartingPoint.Remembered(memory));

        assertThat(verdict.outcome.good()).isFalse();
        assertThat(verdict.rules()).contains("server-folder");
    }

    @Test
    void a_receipt_for_a_merge_before_the_memory_is_good_and_one_for_no_merge_is_not() throws Exception {
        Path clone = history.copy(folder.resolve("receipts"));
        Memory newest = verify(clone, genesis()).outcome.memory().orElseThrow();
        Forger forger = new Forger(clone, history);
        forger.append(forger.receipt(text -> text, "server"));

        assertThat(verify(clone, new StartingPoint.Remembered(newest)).rules()).isEmpty();

        forger.append(forger.receipt(
                text -> text.replaceFirst("\"merge\":\"[0-9a-f]{40}", "\"merge\":\"" + merge(6).after()), "server"));

        assertThat(verify(clone, new StartingPoint.Remembered(newest)).rules())
                .containsExactly("receipt-without-merge");
    }

    @Test
    void a_later_merge_can_be_the_start() throws Exception {
        Verdict verdict =
                verify(history.copy(folder.resolve("later")), later(merge(3).after(), merge(3).contentRoot()));

        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.text()).doesNotContain("#3 ").contains("#4 ").contains("#7 ");
    }

    @Test
    void a_start_that_is_no_merge_of_the_log_is_refused() throws Exception {
        Path clone = history.copy(folder.resolve("elsewhere"));
        String branch = new Forger(clone, history).id(merge(3).after() + "^2");
        Sha256 root;
        try (Repository repository = GitRepository.openForReading(clone)) {
            root = repository.snapshot(branch).contentRoot();
        }

        assertThat(verify(clone, later(branch, root)).rules()).containsExactly("start-not-in-log");
    }

    @Test
    void a_start_with_another_content_root_is_refused() throws Exception {
        Verdict verdict =
                verify(history.copy(folder.resolve("other-root")), later(merge(3).after(), merge(4).contentRoot()));

        assertThat(verdict.rules()).containsExactly("start-content-root");
    }

    private static StartingPoint genesis() {
        return new StartingPoint.Genesis(history.genesis, null);
    }

    private static StartingPoint later(String commit, Sha256 contentRoot) {
        return new StartingPoint.Later(commit, contentRoot);
    }

    private static LogEntry.Merge merge(long seq) {
        return history.entries.stream()
                .map(LogEntry::parse)
                .filter(LogEntry.Merge.class::isInstance)
                .map(LogEntry.Merge.class::cast)
                .filter(merge -> merge.seq() == seq)
                .findFirst()
                .orElseThrow();
    }

    private static Verdict verify(Path clone, StartingPoint start) {
        List<AuditLine> lines = new ArrayList<>();
        try (Repository repository = GitRepository.openForReading(clone)) {
            CloneAudit.Outcome outcome = new CloneAudit(repository).verify(start, CloneAudit.Depth.CHAIN, lines::add);
            return new Verdict(outcome, lines);
        }
    }
}
