package countersign.audit;

import countersign.access.TrustReader;
import countersign.apply.Receipt;
import countersign.apply.SignedReceipt;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.MergeEvidence;
import countersign.gate.Verifier;
import countersign.gate.Vote;
import countersign.log.LogEntry;
import countersign.manifest.ChangeId;
import countersign.repository.Commit;
import countersign.repository.Repository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Follows the merges of a log one after another, with the statements and receipts between them. */
final class MergeChain {
    private static final int MAX_COMMITS = 1_000;

    private final Repository clone;
    private final Verifier verifier;
    private final TrustReader trusts;
    private final SeenRoots roots;
    private final String origin;
    private final Map<ChangeId, List<Vote>> votes = new HashMap<>();
    private final Map<String, Sha256> manifests = new HashMap<>();
    private String head;
    private long seq;
    private Instant time;

    MergeChain(Repository clone, Verifier verifier, TrustReader trusts, LogEntry.Genesis genesis, SeenRoots roots) {
        this.clone = clone;
        this.verifier = verifier;
        this.trusts = trusts;
        this.roots = roots;
        this.origin = trusts.read(clone.snapshot(genesis.commit())).settings().origin();
        this.head = genesis.commit();
        this.time = genesis.time();
    }

    /** The commit that main must point to. */
    String head() {
        return head;
    }

    /** Takes note of a statement or checks a receipt. */
    AuditLine take(long index, LogEntry entry) {
        if (entry instanceof LogEntry.Statement statement) {
            return statement(index, statement);
        }
        if (entry instanceof LogEntry.Receipt receipt) {
            return receipt(index, receipt);
        }
        throw new Refusal("second-genesis", "log entry " + index + " is a " + entry.type() + ", only entry 0 may be");
    }

    /** Verifies one merge. Later merges are judged against this one's commit even if it is refused. */
    AuditLine merge(long index, LogEntry.Merge entry) {
        long expectedSeq = seq + 1;
        String expectedBefore = head;
        Instant earliest = time;
        seq = entry.seq();
        head = entry.after();
        time = entry.time();
        CloneAudit.requireSame("merge-sequence", "seq", expectedSeq, entry.seq());
        CloneAudit.requireSame("merge-chain", "before", expectedBefore, entry.before());
        if (entry.time().isBefore(earliest)) {
            throw new Refusal("time-goes-back", "T is " + entry.time() + ", the merge before had " + earliest);
        }
        Verifier.Verdict verdict = verifier.verify(evidence(index, entry));
        manifests.put(entry.after(), entry.manifest());
        return new AuditLine(
                "#" + entry.seq() + " " + verdict.manifest().change(),
                entry.time() + " " + verdict.manifest().operation().label() + ", "
                        + verdict.manifest().files().size() + " path(s), signed by " + signers(verdict),
                List.of(),
                "");
    }

    private MergeEvidence evidence(long index, LogEntry.Merge entry) {
        Commit commit = clone.getCommit(entry.after());
        List<Commit> proposed = commit.parents().size() == 2
                ? clone.commitsBetween(entry.before(), commit.parents().get(1), MAX_COMMITS)
                : List.of();
        return new MergeEvidence(
                clone.snapshot(entry.before()),
                clone.snapshot(entry.after()),
                entry,
                index,
                commit,
                proposed,
                votesOn(entry),
                Set.of());
    }

    /** The statements about the manifest of a merge, in the order of the log. */
    private List<Vote> votesOn(LogEntry.Merge entry) {
        return votes.values().stream()
                .flatMap(List::stream)
                .filter(vote -> vote.manifest().equals(entry.manifest()))
                .sorted(java.util.Comparator.comparingLong(Vote::index))
                .toList();
    }

    private AuditLine statement(long index, LogEntry.Statement entry) {
        Vote vote = Vote.of(entry, index);
        roots.require(vote.statement().checkpoint(), origin, index);
        votes.computeIfAbsent(vote.statement().effect().change(), change -> new ArrayList<>())
                .add(vote);
        return new AuditLine(
                "entry " + index + " " + vote.statement().effect().change(),
                vote.statement().decision().label() + " by " + vote.person(),
                List.of(),
                "");
    }

    private AuditLine receipt(long index, LogEntry.Receipt entry) {
        Receipt receipt = SignedReceipt.of(entry)
                .verify(trusts.read(clone.snapshot(head)).settings().serverKeys());
        Sha256 manifest = manifests.get(receipt.about().merge());
        if (!receipt.about().manifest().equals(manifest)) {
            throw new Refusal(
                    "receipt-without-merge",
                    "the receipt in log entry " + index + " is for the merge "
                            + receipt.about().merge() + " with manifest "
                            + receipt.about().manifest() + ", which the log does not have");
        }
        return new AuditLine(
                "entry " + index + " " + receipt.about().change(),
                "receipt of " + receipt.about().unit() + ": "
                        + receipt.outcome().label() + " (by the server itself)",
                List.of(),
                "");
    }

    private static String signers(Verifier.Verdict verdict) {
        return verdict.gate().requirements().stream()
                .flatMap(requirement -> requirement.evidence().stream())
                .map(evidence -> evidence.person() + " (" + evidence.role() + ")")
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
