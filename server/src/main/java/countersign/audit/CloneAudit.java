package countersign.audit;

import countersign.access.RepositorySettings;
import countersign.access.TrustReader;
import countersign.audit.start.Memory;
import countersign.audit.start.StartingPoint;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.reader.Documents;
import countersign.gate.VoteRules;
import countersign.log.LogEntry;
import countersign.log.copy.LogReader;
import countersign.merge.Gatekeeper;
import countersign.policy.PolicyEngine;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.signing.VerifiedSignatures;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Verifies a clone without a server (F2): the record log, the chain of merges from a pinned start, and for each merge
 * everything that the verifier demands. Reads only the clone. Not thread-safe.
 *
 * <p>What is damaged or missing is named and the rest still judged, except for what nothing can be judged without: the
 * log and the genesis.
 */
public final class CloneAudit {
    /** Where the record log is in a clone. */
    public static final String LOG_BRANCH = "refs/heads/countersign/log";

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

    /** How much is verified. */
    public enum Depth {
        /** Everything that the chain stands on. */
        CHAIN,
        /** And the policies are evaluated again; a difference is a warning in the merge's line. */
        POLICIES
    }

    /**
     * What a verification came to.
     *
     * @param good whether nothing is wrong
     * @param memory for the next one; empty if something is wrong
     */
    public record Outcome(boolean good, Optional<Memory> memory) {}

    /** Where the log is in the clone, and what is known beforehand of what taints its merges. */
    private record Way(StartingPoint start, Depth depth, ClonedLog cloned, Tainted tainted) {}

    /** Verifies everything from genesis on; true if nothing is wrong. */
    public boolean verify(StartingPoint start, Consumer<AuditLine> lines) {
        return verify(start, Depth.CHAIN, lines).good();
    }

    /** Verifies everything behind the starting point; each line is handed over as soon as it is known. */
    public Outcome verify(StartingPoint start, Depth depth, Consumer<AuditLine> lines) {
        AuditTally tally = new AuditTally(lines, new DamagedObjects(clone));
        Way way = new Way(start, depth, new ClonedLog(clone), new Tainted(clone));
        AuditTally.Step settings = new AuditTally.Step(
                name(start) + " " + shortened(start.commit()),
                start.commit(),
                () -> "git show " + start.commit() + ":" + RepositorySettings.PATH);
        Optional<String> branch = way.cloned.findBranch();
        AuditTally.Step reading = new AuditTally.Step(
                "record log", branch.orElse(start.commit()), () -> "git log --stat " + branch.orElse("--all"));
        Optional<Memory> memory = tally.run(settings, () -> settings(start.commit()))
                .flatMap(pinned -> {
                    RepositorySettings believed = believed(pinned);
                    return tally.run(reading, () -> way.cloned.read(believed, memory(start), way.tainted::foresee))
                            .flatMap(log -> {
                                tally.say(ClonedLog.line(log, believed));
                                return tally.run(reading, () -> follow(way, log, tally))
                                        .flatMap(found -> found);
                            });
                });
        return new Outcome(tally.allGood(), memory.filter(found -> tally.allGood()));
    }

    private RepositorySettings settings(String commit) {
        return RepositorySettings.of(clone.snapshot(commit), documents);
    }

    /**
     * Whose signatures the newest checkpoint needs: main's trust root says it, if it is of the same repository. Whether
     * main may say it is found on the way there.
     */
    private RepositorySettings believed(RepositorySettings pinned) {
        try {
            return clone.findRef(Repository.MAIN)
                    .map(this::settings)
                    .filter(now -> now.id().equals(pinned.id()) && now.origin().equals(pinned.origin()))
                    .orElse(pinned);
        } catch (Refusal unreadable) {
            return pinned;
        }
    }

    private static Optional<Memory> memory(StartingPoint start) {
        return start instanceof StartingPoint.Remembered remembered
                ? Optional.of(remembered.memory())
                : Optional.empty();
    }

    private static String name(StartingPoint start) {
        return start instanceof StartingPoint.Genesis ? "genesis" : "start";
    }

    /** Follows the log to its end; what is to be remembered of it. */
    private Optional<Memory> follow(Way way, LogReader.Verified log, AuditTally tally) {
        StartingPoint start = way.start;
        AuditTally.Step step = new AuditTally.Step(
                name(start) + " " + shortened(start.commit()),
                start.commit(),
                () -> "git show --stat " + start.commit());
        Optional<MergeChain> chain = tally.run(step, () -> begin(way, log));
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        tally.say(step.subject(), pinned(start));
        try (Judgements judgements = new Judgements(tally, processors)) {
            EntryWalk walk = new EntryWalk(chain.get(), judgements, start);
            long first = memory(start).map(memory -> memory.checkpoint().size()).orElse(0L);
            LogPlaces places = LogPlaces.since(way.cloned.branch(), log, first);
            try {
                log.entries().forEach(entry -> walk.take(entry, places.command(entry)));
            } finally {
                judgements.end();
            }
            tally.run(step, () -> walk.requireReached());
        }
        end(chain.get(), way, log, tally);
        return Optional.of(chain.get()).filter(found -> tally.allGood()).map(found -> found.memory(log));
    }

    private String pinned(StartingPoint start) {
        String pinned = start.contentRoot() == null ? "pinned by its commit" : "pinned";
        return settings(start.commit())
                .copyOf()
                .map(copy -> pinned + "; " + copy.line() + ", whose history is not in here")
                .orElse(pinned);
    }

    private MergeChain begin(Way way, LogReader.Verified log) {
        StartingPoint start = way.start;
        Snapshot snapshot = clone.snapshot(start.commit());
        MergeChain.Ground ground = ground(way.depth, trusts.read(snapshot).settings());
        if (start instanceof StartingPoint.Remembered remembered) {
            Memory memory = remembered.memory();
            requireSame("content-root", "the remembered content root", memory.contentRoot(), snapshot.contentRoot());
            MergeChain.Link link = new MergeChain.Link(memory.head(), memory.seq(), memory.latest());
            MergeChain chain = new MergeChain(ground, link, SeenRoots.since(log, memory), way.tainted);
            chain.judgedFrom(memory.checkpoint().size());
            memory.kept().forEach(kept -> recall(kept(log, kept), chain, way.tainted));
            if (way.tainted.expectsRecovery()) {
                log.entries().forEach(way.tainted::foresee);
            }
            return chain;
        }
        LogEntry.Genesis genesis = genesis(log, ground.settings());
        if (start instanceof StartingPoint.Genesis) {
            requireSame("genesis-commit", "the pinned genesis", genesis.commit(), start.commit());
            requireSame("content-root", "content root of genesis", genesis.contentRoot(), snapshot.contentRoot());
            requireSame("engine", "engine", ground.settings().engine(), genesis.engine());
        }
        if (start.contentRoot() != null) {
            requireSame(name(start) + "-content-root", "content root", start.contentRoot(), snapshot.contentRoot());
        }
        MergeChain.Link link = new MergeChain.Link(genesis.commit(), 0, genesis.time());
        MergeChain chain = new MergeChain(ground, link, SeenRoots.of(log), way.tainted);
        if (start instanceof StartingPoint.Later) {
            chain.trust();
        }
        return chain;
    }

    private static void recall(LogReader.Entry kept, MergeChain chain, Tainted tainted) {
        tainted.foresee(kept);
        chain.recall(kept);
    }

    private MergeChain.Ground ground(Depth depth, RepositorySettings settings) {
        PolicyReplay replay = depth == Depth.CHAIN
                ? null
                : new PolicyReplay(new Gatekeeper(documents, trusts, voteRules, new PolicyEngine()));
        return new MergeChain.Ground(clone, documents, trusts, voteRules, settings, replay);
    }

    private static LogReader.Entry kept(LogReader.Verified log, Memory.Kept kept) {
        LogReader.Entry entry = log.entry(kept.index());
        requireSame("log-entry-altered", "log entry " + kept.index(), kept.leaf(), Sha256.ofDigest(entry.leaf()));
        return entry;
    }

    private static LogEntry.Genesis genesis(LogReader.Verified log, RepositorySettings settings) {
        Optional<LogEntry> first = log.entries().findFirst().map(LogReader.Entry::parse);
        if (first.isEmpty() || !(first.get() instanceof LogEntry.Genesis genesis)) {
            throw new Refusal("no-genesis", "the record log does not begin with a genesis");
        }
        requireSame("repository-id", "repository", settings.id(), genesis.repository());
        return genesis;
    }

    private void end(MergeChain chain, Way way, LogReader.Verified log, AuditTally tally) {
        for (LogKeys.Rotation rotation : chain.merges().logKeys().rotations()) {
            AuditTally.Step handover = new AuditTally.Step(
                    "log keys since #" + rotation.seq(),
                    chain.head(),
                    () -> "git log --stat " + way.cloned.branch() + " -- checkpoint");
            tally.run(handover, () -> chain.merges().logKeys().judge(rotation, way.cloned, log))
                    .ifPresent(detail -> tally.say(handover.subject(), detail));
        }
        if (!chain.merges().tainted().isEmpty()) {
            String command = "git log --stat --first-parent " + chain.head();
            tally.say(new AuditLine("tainted states", "", chain.merges().tainted(), command));
        }
        if (!chain.merges().overdue(chain.latest()).isEmpty()) {
            String command = "git log --stat --first-parent " + chain.head();
            tally.say(new AuditLine("emergency reviews", "", chain.merges().overdue(chain.latest()), command));
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
