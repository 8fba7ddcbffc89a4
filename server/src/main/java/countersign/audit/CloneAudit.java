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
import java.util.function.Supplier;
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
    private final int processors;
    private final DocumentReader documents = new DocumentReader(new Documents(), DOCUMENTS);
    private final TrustReader trusts = new TrustReader(documents);
    private final VoteRules voteRules = new VoteRules(new VerifiedSignatures(SIGNATURES));

    /** Uses all processors of the machine. */
    public CloneAudit(Repository clone) {
        this(clone, Runtime.getRuntime().availableProcessors());
    }

    /** @param processors how many merges are judged side by side */
    public CloneAudit(Repository clone, int processors) {
        this.clone = clone;
        this.processors = processors;
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
        AuditTally.Step reading = new AuditTally.Step(
                "record log", branch.orElse(pin.genesis()), () -> "git log --stat " + branch.orElse("--all"));
        Tainted tainted = new Tainted();
        tally.run(settingsStep(pin), () -> RepositorySettings.of(clone.snapshot(pin.genesis()), documents))
                .ifPresent(settings -> tally.run(reading, () -> readLog(branch, settings, tainted))
                        .ifPresent(log -> {
                            tally.say(logLine(log, settings));
                            tally.run(reading, () -> walk(pin, log, new Way(branch.orElseThrow(), tainted), tally));
                        }));
        return tally.allGood();
    }

    private static AuditTally.Step settingsStep(Pin pin) {
        return new AuditTally.Step(
                "genesis " + shortened(pin.genesis()),
                pin.genesis(),
                () -> "git show " + pin.genesis() + ":" + RepositorySettings.PATH);
    }

    private LogReader.Verified readLog(Optional<String> branch, RepositorySettings settings, Tainted tainted) {
        String commit = branch.orElseThrow(() -> new Refusal(
                "no-log-branch",
                "the clone has no branch countersign/log",
                "clone all branches, or: git fetch origin countersign/log:countersign/log"));
        Snapshot tiles = clone.snapshot(commit);
        LogTrust trust =
                new LogTrust(settings.origin(), settings.logKeys(), settings.cosigners(), settings.witnesses());
        return new LogReader(path -> read(tiles, path), trust).verify(tainted::foresee);
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

    /** Where the log is in the clone, and what is known beforehand of what taints its merges. */
    private record Way(String branch, Tainted tainted) {}

    /** Follows the whole log; the head of its chain. */
    private String walk(Pin pin, LogReader.Verified log, Way way, AuditTally tally) {
        LogPlaces places = new LogPlaces(way.branch(), log.checkpoint().size());
        AuditTally.Step step = new AuditTally.Step(
                "genesis " + shortened(pin.genesis()), pin.genesis(), () -> "git show --stat " + pin.genesis());
        Optional<MergeChain> chain = tally.run(step, () -> genesis(pin, log, way.tainted()));
        if (chain.isEmpty()) {
            return pin.genesis();
        }
        tally.say(step.subject(), pin.contentRoot() == null ? "pinned by its commit" : "pinned");
        try (Judgements judgements = new Judgements(tally, processors)) {
            try {
                log.entries().forEach(entry -> walk(entry, places.command(entry), chain.get(), judgements));
            } finally {
                judgements.end();
            }
        }
        end(chain.get(), tally);
        return chain.get().head();
    }

    private MergeChain genesis(Pin pin, LogReader.Verified log, Tainted tainted) {
        Optional<LogReader.Entry> first = log.entries().findFirst();
        if (first.isEmpty() || !(first.get().parse() instanceof LogEntry.Genesis genesis)) {
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
                first.get().leaf(),
                tainted);
    }

    private static void walk(LogReader.Entry entry, Supplier<String> command, MergeChain chain, Judgements judgements) {
        if (entry.index() == 0) {
            return;
        }
        AuditTally.Step reading = new AuditTally.Step("log entry " + entry.index(), chain.head(), command);
        try {
            LogEntry parsed = entry.parse();
            judge(step(entry.index(), parsed, chain, command), () -> chain.take(entry, parsed), judgements);
        } catch (Refusal malformed) {
            chain.skip(entry);
            judgements.add(reading, () -> {
                throw malformed;
            });
        }
    }

    private static void judge(AuditTally.Step step, Supplier<Judgements.Check> taking, Judgements judgements) {
        Judgements.Check check;
        try {
            check = taking.get();
        } catch (Refusal misfit) {
            check = () -> {
                throw misfit;
            };
        }
        judgements.add(step, check);
    }

    private static AuditTally.Step step(long index, LogEntry parsed, MergeChain chain, Supplier<String> command) {
        if (parsed instanceof LogEntry.Merge merge) {
            return new AuditTally.Step(
                    "#" + merge.seq() + " " + shortened(merge.after()) + " (log entry " + index + ")",
                    merge.after(),
                    () -> "git show --stat --first-parent " + merge.after() + " ; " + command.get());
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
                () -> "git log --graph --oneline " + main.orElse("--all") + " " + chain.head());
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
