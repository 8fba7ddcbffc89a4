package countersign.audit;

import countersign.access.RepositorySettings;
import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.audit.start.Memory;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Kind;
import countersign.gate.VoteRules;
import countersign.gate.circumstance.Chain;
import countersign.gate.circumstance.Circumstances;
import countersign.gate.circumstance.FailedReceipt;
import countersign.gate.key.LoggedRevocation;
import countersign.gate.key.Revocation;
import countersign.gate.key.RevocationRules;
import countersign.gate.key.RevokedKeys;
import countersign.gate.stop.LoggedStop;
import countersign.gate.stop.StopRules;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import countersign.log.copy.LogReader;
import countersign.merge.Heard;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows the merges of a log one after another, with the statements and receipts between them: what holds them together
 * is judged as they come, what each is by itself may be judged later and anywhere. Keeps the statements of changes that
 * have not merged, and one digest for each merge. Not thread-safe, but its checks are.
 */
final class MergeChain {
    private final Ground ground;
    private final JudgedMerges merges;
    private final RevocationRules revocations;
    private final StopRules stops;
    private final SeenRoots roots;
    private final EarlierMerges earlier;
    private final List<LoggedRevocation> revocationsSoFar = new ArrayList<>();
    private final Map<Sha256, List<Vote>> open = new HashMap<>();
    private final Map<String, Merged> known = new ConcurrentHashMap<>();
    private List<FailedReceipt> failures = List.of();
    private RevokedKeys revoked = RevokedKeys.none();
    private Optional<LoggedStop> standing = Optional.empty();
    private String head;
    private long seq;
    private long judgedFrom;
    private boolean trusting;
    private Instant latest;

    /**
     * What the chain is followed with.
     *
     * @param repository the clone
     * @param settings of the starting point
     * @param replay evaluates the policies again; null if nobody asked for it
     */
    record Ground(
            Repository repository,
            DocumentReader documents,
            TrustReader trusts,
            VoteRules voteRules,
            RepositorySettings settings,
            @Nullable PolicyReplay replay) {}

    /** Where the chain begins: the commit, its number, and the latest time before. */
    record Link(String head, long seq, Instant latest) {}

    /** Where the log has a merge, and its manifest. */
    private record Merged(long index, Sha256 manifest) {}

    MergeChain(Ground ground, Link start, SeenRoots roots, Tainted tainted) {
        this.ground = ground;
        this.merges = new JudgedMerges(ground, tainted);
        this.revocations = new RevocationRules(ground.voteRules());
        this.stops = new StopRules(ground.voteRules());
        this.roots = roots;
        this.earlier = new EarlierMerges(ground.repository(), start.head());
        this.head = start.head();
        this.seq = start.seq();
        this.latest = start.latest();
    }

    /** The commit that main must point to. */
    String head() {
        return head;
    }

    /** Takes the next entry of the log; refuses what does not fit the chain. The rest is for the check to say. */
    Judgements.Check take(LogReader.Entry read, LogEntry entry) {
        try {
            return take(read.index(), entry);
        } finally {
            latest = entry.time().isAfter(latest) ? entry.time() : latest;
            roots.add(read.leaf());
        }
    }

    /** Counts an entry that can't be read. */
    void skip(LogReader.Entry read) {
        roots.add(read.leaf());
    }

    private Judgements.Check take(long index, LogEntry entry) {
        if (entry instanceof LogEntry.Merge merge) {
            return merge(index, merge);
        }
        if (entry instanceof LogEntry.Statement statement) {
            return statement(index, statement);
        }
        if (entry instanceof LogEntry.Revocation revocation) {
            return revocation(index, revocation);
        }
        if (entry instanceof LogEntry.Stop stop) {
            return stop(index, stop);
        }
        if (entry instanceof LogEntry.Receipt receipt) {
            return receipt(index, receipt);
        }
        throw new Refusal("second-genesis", "log entry " + index + " is a " + entry.type() + ", only entry 0 may be");
    }

    /** Later merges are judged against this one's commit even if it is refused. */
    private Judgements.Check merge(long index, LogEntry.Merge entry) {
        LogEntry.Merge expected = new LogEntry.Merge(
                seq + 1, head, entry.after(), entry.contentRoot(), entry.manifest(), entry.gate(), latest);
        seq = entry.seq();
        head = entry.after();
        known.put(entry.after(), new Merged(index, entry.manifest()));
        List<Vote> votes = Optional.ofNullable(open.remove(entry.manifest())).orElse(List.of());
        if (trusting) {
            merges.trusted(entry, votes);
        }
        requireNext(expected, entry);
        Heard heard = new Heard(
                votes,
                revoked.fingerprints(),
                new Circumstances(failures, chain(entry))
                        .stopped(standing.map(LoggedStop::message).orElse(null)));
        return merges.check(index, entry, heard);
    }

    private Chain chain(LogEntry.Merge entry) {
        return new Chain(ground.repository(), entry.before(), entry.seq() - 1);
    }

    /** What the merges come to. */
    JudgedMerges merges() {
        return merges;
    }

    /** The latest time in the log. */
    Instant latest() {
        return latest;
    }

    /** Says that what the log has before this entry is not judged here. */
    void judgedFrom(long index) {
        judgedFrom = index;
        trusting = false;
        merges.judgedSince(seq);
    }

    /** Says that what the log has up to {@link #judgedFrom} is taken on trust. */
    void trust() {
        trusting = true;
    }

    /** Takes up again what an earlier verification kept. */
    void recall(LogReader.Entry read) {
        LogEntry entry = read.parse();
        if (entry instanceof LogEntry.Statement statement) {
            Vote vote = Vote.of(statement, read.index());
            open.computeIfAbsent(vote.manifest(), manifest -> new ArrayList<>()).add(vote);
            merges.voted(vote);
        } else if (entry instanceof LogEntry.Merge merge) {
            known.put(merge.after(), new Merged(read.index(), merge.manifest()));
            merges.trusted(
                    merge, Optional.ofNullable(open.remove(merge.manifest())).orElse(List.of()));
        } else if (entry instanceof LogEntry.Revocation revocation) {
            LoggedRevocation logged = LoggedRevocation.of(revocation, read.index());
            revoked = revoked.with(logged);
            revocationsSoFar.add(logged);
        } else if (entry instanceof LogEntry.Stop stop) {
            note(LoggedStop.of(stop, read.index()));
        } else if (entry instanceof LogEntry.Receipt receipt) {
            FailedReceipt.of(receipt, read.index()).ifPresent(this::remember);
        }
    }

    /** What a later verification needs of this one. */
    Memory memory(LogReader.Verified log) {
        List<Memory.Kept> kept = Stream.of(
                        open.values().stream().flatMap(List::stream).map(Vote::index),
                        revocationsSoFar.stream().map(LoggedRevocation::index),
                        failures.stream().map(FailedReceipt::index),
                        standing.stream().map(LoggedStop::index),
                        owing())
                .flatMap(indexes -> indexes)
                .distinct()
                .sorted()
                .map(index ->
                        new Memory.Kept(index, Sha256.ofDigest(log.entry(index).leaf())))
                .toList();
        Sha256 contentRoot = ground.repository().snapshot(head).contentRoot();
        return new Memory(log.checkpoint(), roots.subtrees(), head, contentRoot, seq, latest, kept);
    }

    /** The merges of emergencies that still owe signatures, and the votes about them. */
    private Stream<Long> owing() {
        Map<Sha256, List<Long>> votes = merges.owing();
        Stream<Long> entries = known.values().stream()
                .filter(merge -> votes.containsKey(merge.manifest()))
                .map(Merged::index);
        return Stream.concat(entries, votes.values().stream().flatMap(List::stream));
    }

    private static void requireNext(LogEntry.Merge expected, LogEntry.Merge entry) {
        CloneAudit.requireSame("merge-sequence", "seq", expected.seq(), entry.seq());
        CloneAudit.requireSame("merge-chain", "before", expected.before(), entry.before());
        if (entry.time().isBefore(expected.time())) {
            throw new Refusal("time-goes-back", "T is " + entry.time() + ", an entry before it had " + expected.time());
        }
    }

    /** A statement is kept even if it is refused here: whether it counts is for the verifier to say. */
    private Judgements.Check statement(long index, LogEntry.Statement entry) {
        Vote vote = Vote.of(entry, index);
        Statement statement = vote.statement();
        open.computeIfAbsent(vote.manifest(), manifest -> new ArrayList<>()).add(vote);
        roots.require(statement.provenance().checkpoint(), ground.settings().origin(), index);
        if (trusting) {
            merges.voted(vote);
        }
        String main = head;
        RevokedKeys known = revoked;
        return () -> {
            ground.voteRules().requireSigner(vote, trust(main));
            known.find(vote.keyFingerprint()).ifPresent(key -> {
                throw new Refusal(
                        "key-revoked",
                        "the key " + key.key() + " that signed was revoked by " + key.person() + " in log entry "
                                + key.index());
            });
            AuditLine line = new AuditLine(
                    "entry " + index + " " + statement.effect().change(),
                    statement.decision().label() + " by " + vote.person(),
                    List.of(),
                    "");
            return () -> {
                merges.voted(vote);
                return line;
            };
        };
    }

    /** Effective for every merge behind it, whoever may have been fooled by it: a stop that does not count is none. */
    private Judgements.Check stop(long index, LogEntry.Stop entry) {
        LoggedStop logged = LoggedStop.of(entry, index);
        roots.require(
                logged.order().provenance().checkpoint(), ground.settings().origin(), index);
        stops.check(logged, trust(head), revoked, standing);
        note(logged);
        AuditLine line = new AuditLine(
                "entry " + index + " " + logged.order().person(),
                logged.order().decision().label() + ": " + logged.order().reason(),
                List.of(),
                "");
        return () -> () -> line;
    }

    private void note(LoggedStop logged) {
        standing = logged.stops() ? Optional.of(logged) : Optional.empty();
    }

    /** Effective for every merge behind it. */
    private Judgements.Check revocation(long index, LogEntry.Revocation entry) {
        LoggedRevocation logged = LoggedRevocation.of(entry, index);
        Revocation said = logged.revocation();
        roots.require(said.provenance().checkpoint(), ground.settings().origin(), index);
        revocations.check(logged, trust(head), revoked);
        revoked = revoked.with(logged);
        revocationsSoFar.add(logged);
        if (said.since() != null && said.since() < judgedFrom) {
            throw new Refusal(
                    "compromised-before-start",
                    "the key " + said.key() + " is compromised since log entry " + said.since()
                            + "; what it taints before log entry " + judgedFrom + " is not known here",
                    "verify from genesis");
        }
        String what = said.since() == null ? "retired" : "compromised since log entry " + said.since();
        AuditLine line = new AuditLine(
                "entry " + index + " " + said.person(), "key " + said.key() + " revoked: " + what, List.of(), "");
        return () -> () -> line;
    }

    private Judgements.Check receipt(long index, LogEntry.Receipt entry) {
        String main = head;
        FailedReceipt.of(entry, index).ifPresent(this::remember);
        return () -> {
            AuditLine line = receipt(index, entry, main);
            return () -> line;
        };
    }

    private void remember(FailedReceipt failed) {
        List<FailedReceipt> more = new ArrayList<>(failures);
        more.add(failed);
        failures = List.copyOf(more);
    }

    private AuditLine receipt(long index, LogEntry.Receipt entry, String main) {
        Trust trust = trust(main);
        RepositorySettings settings = trust.settings();
        SignedReceipt signed = SignedReceipt.of(entry);
        boolean byAgent = isAgents(signed, trust, main);
        Receipt receipt = byAgent ? signed.verify(List.of(signed.key())) : signed.verify(settings.serverKeys());
        Receipt.About about = receipt.about();
        CloneAudit.requireSame("other-repository", "repository of the receipt", settings.id(), about.repository());
        CloneAudit.requireSame("other-log", "log of the receipt", settings.origin(), about.log());
        Merged merge = known.get(about.merge());
        boolean here = merge == null
                ? earlier.hold(about.merge(), about.change(), about.manifest())
                : merge.index() < index && about.manifest().equals(merge.manifest());
        if (!here) {
            throw new Refusal(
                    "receipt-without-merge",
                    "the receipt in log entry " + index + " is for the merge " + about.merge() + " with manifest "
                            + about.manifest() + ", which the log does not have before it");
        }
        return new AuditLine(
                "entry " + index + " " + about.change(),
                "receipt of " + about.unit() + ": " + receipt.outcome().label()
                        + (byAgent ? " (by an agent of the target)" : " (by the server itself)"),
                List.of(),
                "");
    }

    /** Whether the key is one of the target's agents: in main, or in the tree before the merge that took the target away. */
    private boolean isAgents(SignedReceipt signed, Trust trust, String main) {
        Receipt.About about = signed.receipt().about();
        Trust.KeyOwner agent = new Trust.KeyOwner("agent", about.unit().target());
        boolean there = ground.repository()
                .snapshot(main)
                .find(Kind.TARGET.folder() + "/" + about.unit().target() + ".yaml")
                .isPresent();
        Optional<Trust.KeyOwner> owner = trust.findOwner(signed.key());
        return (there || owner.isPresent())
                ? owner.filter(agent::equals).isPresent()
                : trustBefore(about.merge())
                        .flatMap(before -> before.findOwner(signed.key()))
                        .filter(agent::equals)
                        .isPresent();
    }

    private Optional<Trust> trustBefore(String merge) {
        return known.containsKey(merge)
                ? ground.repository().getCommit(merge).parents().stream()
                        .findFirst()
                        .map(this::trust)
                : Optional.empty();
    }

    private Trust trust(String commit) {
        return ground.trusts().read(ground.repository().snapshot(commit));
    }
}
