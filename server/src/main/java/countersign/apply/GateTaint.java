package countersign.apply;

import countersign.apply.record.ApplyLog;
import countersign.apply.record.MergedChange;
import countersign.gate.GateRecord;
import countersign.gate.RollbackRules;
import countersign.gate.key.RevokedKeys;
import countersign.gate.taint.BadMerges;
import countersign.gate.taint.Taint;
import countersign.manifest.Manifest;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges taint by the gates that merges froze, from the first merge on that anything may taint. Nothing is read before a
 * key is compromised or a merge is named bad. Thread-safe: every method holds the one lock.
 */
public final class GateTaint implements MergeTaint {
    private static final int MAX_PATHS = Manifest.MAX_FILES + 1_000;

    private final Repository repository;
    private final ApplyLog log;
    private final Supplier<RevokedKeys> revoked;
    private final Supplier<BadMerges> bad;
    private @Nullable Known known;

    /** What is known as long as nothing else is revoked or named bad. */
    private static final class Known {
        private final RevokedKeys revoked;
        private final BadMerges bad;
        private final Taint taint;
        private final Map<Long, List<String>> reasons = new HashMap<>();
        private long next;

        Known(RevokedKeys revoked, BadMerges bad) {
            this.revoked = revoked;
            this.bad = bad;
            this.taint = new Taint(revoked, bad);
            this.next = bad.any() ? 0 : revoked.compromisedFrom().orElse(0);
        }

        boolean bearsOn(long index, long seq) {
            return index > revoked.compromisedFrom().orElse(Long.MAX_VALUE)
                    || seq >= bad.first().orElse(Long.MAX_VALUE);
        }
    }

    /**
     * @param revoked the keys that the log revokes so far
     * @param bad the merges that recoveries name bad so far
     */
    public GateTaint(Repository repository, ApplyLog log, Supplier<RevokedKeys> revoked, Supplier<BadMerges> bad) {
        this.repository = repository;
        this.log = log;
        this.revoked = revoked;
        this.bad = bad;
    }

    @Override
    public synchronized List<String> of(MergedChange change) {
        if (!any()) {
            return List.of();
        }
        return upToDate().reasons.getOrDefault(change.seq(), List.of());
    }

    @Override
    public boolean any() {
        return revoked.get().anyCompromised() || bad.get().any();
    }

    private Known upToDate() {
        RevokedKeys keys = revoked.get();
        BadMerges merges = bad.get();
        Known present = known;
        if (present == null || present.revoked != keys || present.bad != merges) {
            present = new Known(keys, merges);
            known = present;
        }
        Known noting = present;
        log.replay(noting.next, Set.of(), (index, merge) -> note(noting, index, merge), receipt -> {});
        return noting;
    }

    private void note(Known noting, long index, MergedChange merge) {
        noting.next = index + 1;
        if (noting.bearsOn(index, merge.seq())) {
            List<String> reasons = noting.taint.note(judged(merge, noting.bad));
            if (!reasons.isEmpty()) {
                noting.reasons.put(merge.seq(), reasons);
            }
        }
    }

    private Taint.Merge judged(MergedChange merge, BadMerges named) {
        Snapshot after = repository.snapshot(merge.after());
        String change = merge.change().toString();
        if (named.find(merge.seq()).isPresent()) {
            List<String> paths = Differences.between(repository.snapshot(merge.before()), after, MAX_PATHS).stream()
                    .map(Difference::path)
                    .toList();
            return new Taint.Merge(merge.seq(), change, null, paths, null);
        }
        Manifest manifest = RollbackRules.merged(after, merge.change()).orElseThrow();
        byte[] gate = after.read(merge.change().folder() + "/gate.json", GateRecord.MAX_BYTES);
        List<String> paths =
                manifest.files().stream().map(Manifest.FileChange::path).toList();
        return new Taint.Merge(merge.seq(), change, GateRecord.parse(gate), paths, manifest.recovery());
    }
}
