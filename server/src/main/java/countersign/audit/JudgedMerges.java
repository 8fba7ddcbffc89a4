package countersign.audit;

import countersign.access.RepositorySettings;
import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.MergeEvidence;
import countersign.gate.Requirements;
import countersign.gate.RollbackRules;
import countersign.gate.Scene;
import countersign.gate.Verifier;
import countersign.gate.emergency.EmergencyReviews;
import countersign.gate.emergency.OwedReview;
import countersign.gate.taint.Taint;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import countersign.manifest.BadRange;
import countersign.manifest.ChangeId;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Manifest;
import countersign.merge.Heard;
import countersign.repository.Commit;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What each merge of a chain is by itself, and what follows from them in their order: signatures that emergencies owe,
 * tainted states, rotations of the log's keys. Checks may run in any thread; the lines that they give are said in order.
 */
final class JudgedMerges {
    private static final int MAX_COMMITS = 1_000;

    private final MergeChain.Ground ground;
    private final Verifier verifier;
    private final Tainted tainted;
    private final LogKeys logKeys;
    private final EmergencyReviews emergencies;
    private long judgedSince;

    JudgedMerges(MergeChain.Ground ground, Tainted tainted) {
        this.ground = ground;
        this.verifier = new Verifier(ground.documents(), ground.trusts(), ground.voteRules());
        this.tainted = tainted;
        this.logKeys = new LogKeys(ground.settings());
        this.emergencies =
                new EmergencyReviews(new Requirements(ground.documents(), ground.trusts(), ground.voteRules()));
    }

    /** What is to be judged of a merge, given what the log holds before it. */
    Judgements.Check check(long index, LogEntry.Merge entry, Heard heard) {
        boolean named = tainted.namer(entry.seq()).isPresent();
        return () -> {
            MergeEvidence evidence = evidence(index, entry, heard);
            return named ? bad(evidence) : judged(evidence);
        };
    }

    /** Says that the merges up to this number are not judged here. */
    void judgedSince(long seq) {
        judgedSince = seq;
    }

    /** Takes note of a merge that is taken on trust: it may be an emergency that still owes signatures. */
    void trusted(LogEntry.Merge entry, List<Vote> votes) {
        if (!votes.isEmpty() && tainted.namer(entry.seq()).isEmpty()) {
            ChangeId change = votes.get(0).statement().effect().change();
            Snapshot after = ground.repository().snapshot(entry.after());
            RollbackRules.merged(after, change)
                    .filter(manifest -> manifest.digest().equals(entry.manifest()))
                    .ifPresent(manifest -> request(after, change)
                            .filter(Requirements::isEmergency)
                            .ifPresent(request -> emergencies.merged(new Scene(
                                    manifest,
                                    request,
                                    ground.repository().snapshot(entry.before()),
                                    after,
                                    votes,
                                    Set.of(),
                                    entry.time()))));
        }
    }

    private Optional<ChangeRequest> request(Snapshot after, ChangeId change) {
        return ground.documents().find(after, change.document()).map(ChangeRequest::of);
    }

    /** Log indexes of the votes about emergencies that still owe signatures, by their manifests. */
    Map<Sha256, List<Long>> owing() {
        return emergencies.votes();
    }

    /** Takes note of a statement. */
    void voted(Vote vote) {
        emergencies.voted(vote);
    }

    /** Signatures that emergency merges owe at the end of the log and should have by then. */
    List<Finding> overdue(Instant latest) {
        return emergencies.owed().stream()
                .filter(review -> review.overdueAt(latest))
                .map(OwedReview::finding)
                .toList();
    }

    /** The rotations of the log's keys so far. */
    LogKeys logKeys() {
        return logKeys;
    }

    /** What is doubtful now. */
    List<Finding> tainted() {
        return tainted.findings();
    }

    private Supplier<AuditLine> judged(MergeEvidence evidence) {
        Verifier.Verdict verdict = verifier.verify(evidence);
        List<Finding> differences =
                ground.replay() == null ? List.of() : ground.replay().differences(evidence, verdict);
        return () -> line(evidence, verdict, differences);
    }

    /** A merge that a recovery names bad: the chain goes over it, and nothing else of it has to be good. */
    private Supplier<AuditLine> bad(MergeEvidence evidence) {
        Verifier.requireWalkable(evidence);
        List<String> paths =
                Differences.between(evidence.before(), evidence.after(), Manifest.MAX_FILES + MAX_COMMITS).stream()
                        .map(Difference::path)
                        .toList();
        String change = paths.stream()
                .flatMap(path -> ChangeId.ofDocument(path).stream())
                .map(ChangeId::toString)
                .collect(Collectors.joining(" "));
        String itself = itself(evidence);
        LogEntry.Merge entry = evidence.entry();
        return () -> {
            List<String> why = tainted.note(new Taint.Merge(entry.seq(), change, null, paths, null));
            return new AuditLine(
                    ("#" + entry.seq() + " " + change).strip(),
                    entry.time() + " BAD: " + String.join("; ", why) + itself,
                    List.of(),
                    "git show --stat --first-parent " + entry.after());
        };
    }

    private String itself(MergeEvidence evidence) {
        try {
            verifier.verify(evidence);
            return "";
        } catch (Refusal refusal) {
            return "; by itself refused: "
                    + refusal.findings().stream().map(Finding::rule).distinct().collect(Collectors.joining(", "));
        }
    }

    private AuditLine line(MergeEvidence evidence, Verifier.Verdict verdict, List<Finding> differences) {
        LogEntry.Merge entry = evidence.entry();
        if (verdict.manifest().files().stream().anyMatch(file -> file.path().equals(RepositorySettings.PATH))) {
            logKeys.follow(
                    evidence.index(),
                    entry.seq(),
                    ground.trusts().read(evidence.before()).settings(),
                    ground.trusts().read(evidence.after()).settings());
        }
        List<Finding> findings = new ArrayList<>(differences);
        findings.addAll(unknownHere(verdict.manifest().recovery()));
        findings.addAll(emergencies.holdingUp(verdict.manifest(), verdict.request(), entry.time()));
        emergencies.merged(scene(evidence, verdict));
        return new AuditLine(
                "#" + entry.seq() + " " + verdict.manifest().change(),
                entry.time() + " " + verdict.manifest().operation().label() + ", "
                        + verdict.manifest().files().size() + " path(s)" + named(verdict.manifest()) + ", signed by "
                        + signers(verdict)
                        + taint(entry.seq(), verdict),
                findings,
                "git show --stat --first-parent " + entry.after());
    }

    private static Scene scene(MergeEvidence evidence, Verifier.Verdict verdict) {
        return new Scene(
                verdict.manifest(),
                verdict.request(),
                evidence.before(),
                evidence.after(),
                evidence.votes(),
                Set.of(),
                evidence.entry().time());
    }

    /** What bad merges tainted before the place where the verification began is not known. */
    private List<Finding> unknownHere(@Nullable BadRange range) {
        return range == null || range.from() > judgedSince
                ? List.of()
                : List.of(Finding.error(
                                "bad-before-start",
                                "it names " + range + " bad; what they taint up to merge " + judgedSince
                                        + " is not known here",
                                Place.file(RepositorySettings.PATH))
                        .withWayOut("verify from genesis"));
    }

    private static String named(Manifest manifest) {
        BadRange range = manifest.recovery();
        return range == null ? "" : ", names " + range + " bad and goes on from " + CloneAudit.shortened(range.head());
    }

    private String taint(long seq, Verifier.Verdict verdict) {
        List<String> found = tainted.note(new Taint.Merge(
                seq,
                verdict.manifest().change().toString(),
                verdict.gate(),
                verdict.manifest().files().stream()
                        .map(Manifest.FileChange::path)
                        .toList(),
                verdict.manifest().recovery()));
        return found.isEmpty() ? "" : "; TAINTED: " + String.join("; ", found);
    }

    private MergeEvidence evidence(long index, LogEntry.Merge entry, Heard heard) {
        Repository clone = ground.repository();
        Commit commit = clone.getCommit(entry.after());
        List<Commit> proposed = commit.parents().size() == 2
                ? proposed(entry.before(), commit.parents().get(1))
                : List.of();
        return new MergeEvidence(
                clone.snapshot(entry.before()),
                clone.snapshot(entry.after()),
                entry,
                index,
                commit,
                proposed,
                heard.votes(),
                heard.revokedKeys(),
                heard.circumstances());
    }

    /** What a change adds; most add one commit on top of what main had. */
    private List<Commit> proposed(String before, String tip) {
        Commit newest = ground.repository().getCommit(tip);
        return newest.parents().equals(List.of(before))
                ? List.of(newest)
                : ground.repository().commitsBetween(before, tip, MAX_COMMITS);
    }

    private static String signers(Verifier.Verdict verdict) {
        return verdict.gate().requirements().stream()
                .flatMap(requirement -> requirement.evidence().stream())
                .map(evidence -> evidence.person() + " (" + evidence.role() + ")")
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
