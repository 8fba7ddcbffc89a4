package countersign.audit;

import countersign.access.RepositorySettings;
import countersign.access.TrustReader;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.reader.Documents;
import countersign.gate.VoteRules;
import countersign.log.LogEntry;
import countersign.log.LogReader;
import countersign.log.LogTrust;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.signing.VerifiedSignatures;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a clone without a server (F2): the record log, the chain of merges from a pinned genesis, and for each merge
 * everything that the verifier demands. Reads only the clone. Not thread-safe.
 *
 * <p>What is damaged or missing is named and the rest still judged, except for what nothing can be judged without: the
 * log and the genesis.
 */
public final class CloneAudit {
    /** Where the record log is in a clone. */
    public static final String LOG_BRANCH = "refs/heads/countersign/log";

    private static final int MAX_TILE = 32 << 20;
    private static final int DOCUMENTS = 20_000;
    private static final int SIGNATURES = 10_000;
    private static final int MAX_COMMITS = 100_000;

    private final Repository clone;
    private final DocumentReader documents = new DocumentReader(new Documents(), DOCUMENTS);
    private final TrustReader trusts = new TrustReader(documents);
    private final VoteRules voteRules = new VoteRules(new VerifiedSignatures(SIGNATURES));

    public CloneAudit(Repository clone) {
        this.clone = clone;
    }

    /**
     * What the auditor knows beforehand.
     *
     * @param genesis id of the genesis commit
     * @param contentRoot its content root; null if only the commit was written down
     */
    public record Pin(String genesis, @Nullable Sha256 contentRoot) {}

    /** Verifies everything; each line is handed over as soon as it is known. True if nothing is wrong. */
    public boolean verify(Pin pin, Consumer<AuditLine> lines) {
        AuditTally tally = new AuditTally(lines, new DamagedObjects(clone));
        Optional<String> branch = clone.findRef(LOG_BRANCH);
        String seeBranch = "git log --stat " + branch.orElse("--all");
        AuditTally.Step reading = new AuditTally.Step("record log", branch.orElse(pin.genesis()), seeBranch);
        tally.run(settingsStep(pin), () -> RepositorySettings.of(clone.snapshot(pin.genesis()), documents))
                .ifPresent(settings -> tally.run(reading, () -> readLog(branch, settings))
                        .ifPresent(log -> {
                            tally.say(logLine(log, settings));
                            tally.run(reading, () -> walk(pin, log, branch.orElseThrow(), tally));
                        }));
        return tally.allGood();
    }

    private static AuditTally.Step settingsStep(Pin pin) {
        return new AuditTally.Step(
                "genesis " + shortened(pin.genesis()),
                pin.genesis(),
                "git show " + pin.genesis() + ":" + RepositorySettings.PATH);
    }

    private LogReader.Verified readLog(Optional<String> branch, RepositorySettings settings) {
        String commit = branch.orElseThrow(() -> new Refusal(
                "no-log-branch",
                "the clone has no branch countersign/log",
                "clone all branches, or: git fetch origin countersign/log:countersign/log"));
        Snapshot tiles = clone.snapshot(commit);
        LogTrust trust =
                new LogTrust(settings.origin(), settings.logKeys(), settings.cosigners(), settings.witnesses());
        return new LogReader(path -> read(tiles, path), trust).verify();
    }

    private static Optional<byte[]> read(Snapshot tiles, String path) {
        return tiles.find(path).map(entry -> tiles.read(path, MAX_TILE));
    }

    /** A log that too few witnesses saw is named, and still followed. */
    private static AuditLine logLine(LogReader.Verified log, RepositorySettings settings) {
        int witnesses = log.head().witnesses().size();
        String detail = log.checkpoint().size() + " entries, root "
                + log.checkpoint().root() + ", " + (witnesses == 0 ? "not witnessed" : witnesses + " witness(es)");
        List<Finding> findings = witnesses >= settings.witnessQuorum()
                ? List.of()
                : List.of(Finding.error(
                        "witness-quorum",
                        witnesses + " witness(es) cosigned the checkpoint, needed are " + settings.witnessQuorum()));
        String command = "git show " + LOG_BRANCH + ":checkpoint";
        return new AuditLine("record log " + log.checkpoint().origin(), detail, findings, command);
    }

    /** Follows the whole log; the head of its chain. */
    private String walk(Pin pin, LogReader.Verified log, String branch, AuditTally tally) {
        LogPlaces places = new LogPlaces(branch, log.checkpoint().size());
        AuditTally.Step step = new AuditTally.Step(
                "genesis " + shortened(pin.genesis()), pin.genesis(), "git show --stat " + pin.genesis());
        Optional<MergeChain> chain = tally.run(step, () -> genesis(pin, log));
        if (chain.isEmpty()) {
            return pin.genesis();
        }
        tally.say(step.subject(), pin.contentRoot() == null ? "pinned by its commit" : "pinned");
        log.entries().forEach(entry -> walk(entry, places.command(entry), chain.get(), tally));
        end(chain.get(), tally);
        return chain.get().head();
    }

    private MergeChain genesis(Pin pin, LogReader.Verified log) {
        Optional<LogEntry> first = log.entries().findFirst().map(LogReader.Entry::parse);
        if (first.isEmpty() || !(first.get() instanceof LogEntry.Genesis genesis)) {
            throw new Refusal("no-genesis", "the record log does not begin with a genesis");
        }
        requireSame("genesis-commit", "the pinned genesis", genesis.commit(), pin.genesis());
        Snapshot snapshot = clone.snapshot(genesis.commit());
        requireSame("content-root", "content root of genesis", genesis.contentRoot(), snapshot.contentRoot());
        if (pin.contentRoot() != null) {
            requireSame("genesis-content-root", "content root", pin.contentRoot(), genesis.contentRoot());
        }
        RepositorySettings settings = trusts.read(snapshot).settings();
        requireSame("repository-id", "repository", settings.id(), genesis.repository());
        requireSame("engine", "engine", settings.engine(), genesis.engine());
        return new MergeChain(
                new MergeChain.Ground(clone, documents, trusts, voteRules, settings),
                genesis,
                SeenRoots.of(log.entries()),
                Tainted.of(log.entries()));
    }

    private static void walk(LogReader.Entry entry, String command, MergeChain chain, AuditTally tally) {
        if (entry.index() == 0) {
            return;
        }
        AuditTally.Step reading = new AuditTally.Step("log entry " + entry.index(), chain.head(), command);
        tally.run(reading, entry::parse).ifPresent(parsed -> {
            AuditTally.Step step = step(entry.index(), parsed, chain, command);
            tally.run(step, () -> chain.take(entry.index(), parsed)).ifPresent(tally::say);
        });
    }

    private static AuditTally.Step step(long index, LogEntry parsed, MergeChain chain, String command) {
        if (parsed instanceof LogEntry.Merge merge) {
            return new AuditTally.Step(
                    "#" + merge.seq() + " " + shortened(merge.after()) + " (log entry " + index + ")",
                    merge.after(),
                    "git show --stat --first-parent " + merge.after() + " ; " + command);
        }
        return new AuditTally.Step("log entry " + index + " (" + parsed.type() + ")", chain.head(), command);
    }

    private void end(MergeChain chain, AuditTally tally) {
        if (!chain.tainted().isEmpty()) {
            String command = "git log --stat --first-parent " + chain.head();
            tally.say(new AuditLine("compromised keys", "", chain.tainted(), command));
        }
        Optional<String> main = clone.findRef(Repository.MAIN);
        AuditTally.Step step = new AuditTally.Step(
                "main " + shortened(main.orElse("is missing")),
                chain.head(),
                "git log --graph --oneline " + main.orElse("--all") + " " + chain.head());
        tally.run(step, () -> requireMain(main, chain.head()))
                .ifPresent(same -> tally.say(step.subject(), "is the last merge of the log"));
    }

    private boolean requireMain(Optional<String> main, String head) {
        String commit = main.orElseThrow(() -> new Refusal("main-missing", "the clone has no branch main"));
        if (commit.equals(head)) {
            return true;
        }
        Optional<String> base = clone.mergeBase(commit, head);
        String both = "main is at " + commit + ", the last merge of the log is " + head + "; ";
        if (base.filter(commit::equals).isPresent()) {
            throw new Refusal("main-behind", both + "main lacks merges that the log has");
        }
        if (base.filter(head::equals).isPresent()) {
            throw new Refusal(
                    "main-ahead",
                    both + "main has "
                            + clone.commitsBetween(head, commit, MAX_COMMITS).size()
                            + " commit(s) that the log does not have",
                    "fetch again if a merge is being published right now; otherwise somebody moved main");
        }
        throw new Refusal("main-differs", both + "neither leads to the other");
    }

    static String shortened(String id) {
        return id.length() > 12 ? id.substring(0, 12) : id;
    }

    static void requireSame(String rule, String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new Refusal(rule, what + " must be " + expected + ", is " + actual);
        }
    }
}
