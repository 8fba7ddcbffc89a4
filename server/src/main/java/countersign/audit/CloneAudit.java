package countersign.audit;

import countersign.access.RepositorySettings;
import countersign.access.TrustReader;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Documents;
import countersign.gate.Verifier;
import countersign.gate.VoteRules;
import countersign.log.LogEntry;
import countersign.log.LogReader;
import countersign.log.LogTrust;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import countersign.signing.VerifiedSignatures;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a clone without a server (F2): the record log, the chain of merges from a pinned genesis, and for each merge
 * everything that the verifier demands. Reads only the clone. Not thread-safe.
 */
public final class CloneAudit {
    /** Where the record log is in a clone. */
    public static final String LOG_BRANCH = "refs/heads/countersign/log";

    private static final int MAX_TILE = 32 << 20;
    private static final int DOCUMENTS = 20_000;
    private static final int SIGNATURES = 10_000;

    private final Repository clone;
    private final DocumentReader documents = new DocumentReader(new Documents(), DOCUMENTS);
    private final TrustReader trusts = new TrustReader(documents);
    private final Verifier verifier =
            new Verifier(documents, trusts, new VoteRules(new VerifiedSignatures(SIGNATURES)));

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
        AuditTally tally = new AuditTally(lines);
        Optional<LogReader.Verified> log = tally.run("record log", "git log countersign/log", () -> readLog(pin));
        if (log.isEmpty()) {
            return false;
        }
        tally.say(logLine(log.get()));
        Optional<MergeChain> chain = tally.run(
                "genesis " + shortened(pin.genesis()), "git show " + pin.genesis(), () -> genesis(pin, log.get()));
        if (chain.isEmpty()) {
            return false;
        }
        tally.say(new AuditLine("genesis " + shortened(pin.genesis()), "pinned", List.of(), ""));
        log.get().entries().skip(1).forEach(entry -> walk(entry, chain.get(), tally));
        end(chain.get(), tally);
        return tally.allGood();
    }

    private LogReader.Verified readLog(Pin pin) {
        String branch = clone.findRef(LOG_BRANCH)
                .orElseThrow(() -> new Refusal(
                        "no-log-branch",
                        "the clone has no branch countersign/log",
                        "clone all branches, or: git fetch origin countersign/log:countersign/log"));
        Snapshot tiles = clone.snapshot(branch);
        RepositorySettings settings = RepositorySettings.of(clone.snapshot(pin.genesis()), documents);
        LogTrust trust =
                new LogTrust(settings.origin(), settings.logKeys(), settings.cosigners(), settings.witnesses());
        return new LogReader(path -> read(tiles, path), trust).verify();
    }

    private static Optional<byte[]> read(Snapshot tiles, String path) {
        return tiles.find(path).map(entry -> tiles.read(path, MAX_TILE));
    }

    private static AuditLine logLine(LogReader.Verified log) {
        int witnesses = log.head().witnesses().size();
        String detail = log.checkpoint().size() + " entries, root "
                + log.checkpoint().root() + ", " + (witnesses == 0 ? "not witnessed" : witnesses + " witness(es)");
        return new AuditLine("record log " + log.checkpoint().origin(), detail, List.of(), "");
    }

    private MergeChain genesis(Pin pin, LogReader.Verified log) {
        Optional<LogEntry> first = log.entries().findFirst().map(LogReader.Entry::parse);
        if (first.isEmpty() || !(first.get() instanceof LogEntry.Genesis genesis)) {
            throw new Refusal("no-genesis", "the record log does not begin with a genesis");
        }
        requireSame("genesis-commit", "genesis", pin.genesis(), genesis.commit());
        Snapshot snapshot = clone.snapshot(genesis.commit());
        requireSame("content-root", "content root of genesis", genesis.contentRoot(), snapshot.contentRoot());
        if (pin.contentRoot() != null) {
            requireSame("genesis-content-root", "content root", pin.contentRoot(), genesis.contentRoot());
        }
        RepositorySettings settings = trusts.read(snapshot).settings();
        requireSame("repository-id", "repository", settings.id(), genesis.repository());
        return new MergeChain(clone, verifier, trusts, genesis, SeenRoots.of(log.entries()));
    }

    private void walk(LogReader.Entry entry, MergeChain chain, AuditTally tally) {
        String place = "log entry " + entry.index();
        tally.run(place, "", entry::parse).ifPresent(parsed -> {
            if (parsed instanceof LogEntry.Merge merge) {
                tally.say(merge(chain, entry.index(), merge));
            } else {
                tally.run(place, "", () -> chain.take(entry.index(), parsed)).ifPresent(tally::say);
            }
        });
    }

    private AuditLine merge(MergeChain chain, long index, LogEntry.Merge merge) {
        try {
            return chain.merge(index, merge);
        } catch (Refusal refusal) {
            List<Finding> findings = new ArrayList<>(refusal.findings());
            findings.addAll(damagedPaths(merge, refusal));
            return new AuditLine(
                    "#" + merge.seq() + " " + shortened(merge.after()) + " (log entry " + index + ")",
                    "",
                    findings,
                    "git show --stat --first-parent " + merge.after());
        }
    }

    /** If an object is damaged, the paths at which it stands. */
    private List<Finding> damagedPaths(LogEntry.Merge merge, Refusal refusal) {
        if (!refusal.rule().equals("corrupt-object")) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        try {
            Snapshot snapshot = clone.snapshot(merge.after());
            Deque<String> folders = new ArrayDeque<>(List.of(""));
            while (!folders.isEmpty()) {
                String folder = folders.pop();
                for (TreeEntry entry : snapshot.list(folder)) {
                    String path = folder.isEmpty() ? entry.name() : folder + "/" + entry.name();
                    if (entry.isFolder()) {
                        folders.push(path);
                    } else if (refusal.findings().toString().contains(entry.id())) {
                        findings.add(Finding.error("altered-file", path + " is not what it was when it was merged"));
                    }
                }
            }
        } catch (Refusal damaged) {
            findings.addAll(damaged.findings());
        }
        return findings;
    }

    private void end(MergeChain chain, AuditTally tally) {
        String main = clone.findRef(Repository.MAIN).orElse("nothing");
        boolean same = main.equals(chain.head());
        tally.say(new AuditLine(
                "main " + shortened(main),
                "is the last merge of the log",
                same
                        ? List.of()
                        : List.of(Finding.error(
                                "main-differs",
                                "main is at " + main + ", the last merge of the log is " + chain.head())),
                "git log --first-parent " + main));
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
