package countersign.merge;

import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.PathRules;
import countersign.gate.GateRecord;
import countersign.gate.MergeEvidence;
import countersign.gate.Scene;
import countersign.gate.ServerFolder;
import countersign.gate.Verifier;
import countersign.gate.circumstance.Chain;
import countersign.gate.key.RevokedKeys;
import countersign.log.Faults;
import countersign.log.LogClock;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.merge.integrity.TreeIntegrity;
import countersign.policy.input.Stage;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.signing.SigningKey;
import countersign.signing.git.GitSignatures;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The order of a merge (PROTOCOL §5): everything is computed and verified against present main under one lock; the
 * append of the merge entry is the commit point; all after it is replay. Thread-safe.
 */
public final class Ledger {
    private static final Duration QUORUM_AHEAD = Duration.ofDays(7);

    private final Repository repository;
    private final RecordLog log;
    private final MergeLock lock;
    private final SigningKey serverKey;
    private final Verifier verifier;
    private final Gatekeeper gatekeeper;
    private final TreeIntegrity integrity;
    private final Supplier<RevokedKeys> revoked;
    private final Faults faults;
    private final LogClock clock;
    private volatile Head head;
    private volatile Optional<String> readOnly;

    /**
     * What a ledger is made of.
     *
     * @param revoked the keys that the log revokes so far
     */
    public record Parts(
            Repository repository,
            RecordLog log,
            MergeLock lock,
            SigningKey serverKey,
            Verifier verifier,
            Gatekeeper gatekeeper,
            TreeIntegrity integrity,
            Supplier<RevokedKeys> revoked,
            Faults faults,
            LogClock clock) {}

    public Ledger(Parts parts) {
        this.repository = parts.repository();
        this.log = parts.log();
        this.lock = parts.lock();
        this.serverKey = parts.serverKey();
        this.verifier = parts.verifier();
        this.gatekeeper = parts.gatekeeper();
        this.integrity = parts.integrity();
        this.revoked = parts.revoked();
        this.faults = parts.faults();
        this.clock = parts.clock();
        this.head = Head.of(log);
        this.readOnly = head.reconcile(repository);
    }

    /**
     * A merge that counts.
     *
     * @param change the change
     * @param merged commit, time and log index
     * @param entry its log entry
     * @param manifest its effect
     */
    public record Merge(ChangeId change, Merged merged, LogEntry.Merge entry, Manifest manifest) {}

    /**
     * Why nothing may be written; empty if all is well. Reads main from disk, so a main moved by hand is noticed at once.
     * A main that differs may be a merge under way: only what still differs once that has ended is an alarm.
     */
    public Optional<String> readOnlyReason() {
        return findDamage().or(() -> clock.findProblem().map(Finding::toString));
    }

    private Optional<String> findDamage() {
        Optional<String> unwritable = log.findProblem().or(repository::findProblem);
        if (unwritable.isPresent()) {
            return unwritable;
        }
        return readOnly.isEmpty() && head.isMain(repository) ? Optional.empty() : lock.hold(this::reconcile);
    }

    private Optional<String> reconcile() {
        Optional<String> reason = head.reconcile(repository);
        readOnly = reason;
        return reason;
    }

    /** The commit that main points to, as the log knows it. */
    public String main() {
        return head.after();
    }

    /** The merges up to a commit that main has or had. */
    public Chain chain(String main) {
        Head newest = head;
        long seq = newest.seq();
        for (String commit = newest.after(); !commit.equals(main) && seq > 0; seq--) {
            commit = repository.getCommit(commit).parents().get(0);
        }
        return new Chain(repository, main, seq);
    }

    /** Refuses with {@code read-only}, or by what is wrong with the clock, if nothing may be written. */
    public void requireWritable() {
        clock.findProblem().ifPresent(problem -> {
            throw new Refusal(List.of(problem));
        });
        requireIntact();
    }

    /** The same whatever is wrong with the clock: what takes trust away does not wait for that. */
    public void requireIntact() {
        findDamage().ifPresent(reason -> {
            throw new Refusal("read-only", reason);
        });
    }

    /**
     * Does what no merge of this change may overlap: a statement that the log takes in while a merge of its change is
     * being judged would stand before the merge entry without having been looked at. Merges of other changes go on.
     */
    public <T> T betweenMerges(ChangeId change, Supplier<T> work) {
        return lock.hold(change, work);
    }

    /** Does what no merge may overlap: what the log takes in meanwhile stands before or behind a whole merge. */
    public <T> T outsideMerges(Supplier<T> work) {
        return lock.hold(work);
    }

    /**
     * Merges what the supplier previews against present main, if the gate is open.
     *
     * @param hearing what the log says of a previewed change, at a time
     */
    public Merge merge(Supplier<Preview> previewer, BiFunction<Preview, Instant, Heard> hearing) {
        return lock.hold(() -> {
            requireWritable();
            Preview preview = previewer.get();
            Manifest manifest = preview.requireManifest();
            return clock.stopped(time -> {
                Refusal.ifAnyBlocks(checkQuorum(preview, time));
                Scene scene = Gatekeeper.scene(preview, hearing.apply(preview, time), time);
                Gatekeeper.Evaluation evaluation = gatekeeper.evaluate(scene, Stage.MERGE);
                if (!evaluation.open()) {
                    throw new Refusal(evaluation.reasons());
                }
                return commit(preview, manifest, scene, evaluation.record());
            });
        });
    }

    private List<Finding> checkQuorum(Preview preview, Instant time) {
        boolean touchesTrust =
                preview.requireManifest().files().stream().anyMatch(file -> PathRules.isTrustPath(file.path()));
        return touchesTrust
                ? integrity.checkQuorum(
                        preview.after(), revoked.get().fingerprints(), Set.of(time, time.plus(QUORUM_AHEAD)))
                : List.of();
    }

    private Merge commit(Preview preview, Manifest manifest, Scene scene, GateRecord gate) {
        faults.reach("merge-before-commit");
        Map<String, Edit> edits = new HashMap<>(preview.recipe().edits());
        Map<String, byte[]> evidence = ServerFolder.files(manifest, gate, scene.votes());
        evidence.forEach((path, bytes) -> edits.put(path, new Edit.Write(FileMode.REGULAR, bytes)));
        String tree = repository.edit(preview.recipe().tree(), edits);
        Commit.Identity server = new Commit.Identity("Countersign", "server@countersign.invalid", scene.time());
        String commit = repository.commit(
                new CommitDraft(tree, List.of(head.after(), preview.tip()), server, server, message(scene, manifest)),
                payload -> GitSignatures.armored(payload, serverKey));
        LogEntry.Merge entry = new LogEntry.Merge(
                head.seq() + 1,
                head.after(),
                commit,
                repository.snapshot(commit).contentRoot(),
                manifest.digest(),
                Sha256.of(Objects.requireNonNull(evidence.get(ServerFolder.gatePath(manifest.change())))),
                scene.time());
        verifier.verify(evidence(preview, scene, entry));
        repository.force();
        faults.reach("merge-after-commit");
        long index = log.append(entry);
        head = Head.of(index, entry);
        faults.reach("merge-after-log");
        reconcile();
        faults.reach("merge-after-main");
        return new Merge(
                manifest.change(),
                new Merged(commit, entry.before(), index, entry.time(), manifest.digest()),
                entry,
                manifest);
    }

    private MergeEvidence evidence(Preview preview, Scene scene, LogEntry.Merge entry) {
        return new MergeEvidence(
                preview.before(),
                repository.snapshot(entry.after()),
                entry,
                log.size(),
                repository.getCommit(entry.after()),
                preview.commits(),
                scene.votes(),
                scene.revokedKeys(),
                scene.circumstances());
    }

    private static String message(Scene scene, Manifest manifest) {
        return "Merge change " + manifest.change() + ": " + scene.request().title() + "\n\nManifest: sha256:"
                + manifest.digest() + "\n";
    }
}
