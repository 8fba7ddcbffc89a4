package countersign.gate.taint;

import countersign.gate.GateRecord;
import countersign.gate.Requirement;
import countersign.gate.key.RevokedKeys;
import countersign.gate.recovery.RecoveryRules;
import countersign.manifest.BadRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which merges are tainted, and which paths stand as such a merge left them (PROTOCOL §7): told of all merges in the order
 * of the chain. A merge is tainted if a recovery names it bad; if a requirement of it would lack people without the
 * evidence of compromised keys, and of grants and people's documents that stand as a tainted merge left them; or if the
 * rule of a requirement stands so, or the merge that approved the template of a standard change is tainted. Not thread-safe.
 */
public final class Taint {
    private static final String STANDARD = "standard-change/";

    private final RevokedKeys revoked;
    private final BadMerges bad;
    private final Map<String, Giver> doubtful = new TreeMap<>();

    /** By their paths, manifests of tainted merges; they never change again. */
    private final Map<String, Giver> manifests = new HashMap<>();

    /**
     * A tainted merge.
     *
     * @param seq its number in the chain
     * @param change the change that it merged; empty if that is not known
     */
    public record Giver(long seq, String change) {
        /** For example {@code #3 2026-11-21/raise-cache}. */
        @Override
        public String toString() {
            return ("#" + seq + " " + change).strip();
        }
    }

    /**
     * One merge, as far as taint goes.
     *
     * @param seq its number in the chain
     * @param change the change that it merged; empty if that is not known
     * @param gate what it counted; null if that can't be read, as a merge that is named bad may lack it
     * @param paths every path that it changed
     * @param recovery the merges that it names bad
     */
    public record Merge(
            long seq,
            String change,
            @Nullable GateRecord gate,
            Collection<String> paths,
            @Nullable BadRange recovery) {
        public Merge {
            paths = List.copyOf(paths);
        }
    }

    /**
     * @param revoked all keys that are revoked, whenever that was
     * @param bad all merges that are named bad, whenever that was
     */
    public Taint(RevokedKeys revoked, BadMerges bad) {
        this.revoked = revoked;
        this.bad = bad;
    }

    /** Takes note of the next merge; says why it is tainted, a phrase for each reason, or nothing. */
    public List<String> note(Merge merge) {
        List<String> reasons = reasons(merge);
        for (String path : merge.paths()) {
            if (reasons.isEmpty()) {
                doubtful.remove(path);
            } else if (!path.startsWith("changes/")) {
                doubtful.put(path, new Giver(merge.seq(), merge.change()));
            }
        }
        if (!reasons.isEmpty() && !merge.change().isEmpty()) {
            Giver giver = new Giver(merge.seq(), merge.change());
            manifests.put("changes/" + merge.change() + "/manifest.json", giver);
        }
        BadRange taken = merge.recovery();
        if (reasons.isEmpty() && taken != null) {
            doubtful.values().removeIf(giver -> taken.contains(giver.seq()));
        }
        return reasons;
    }

    /** The paths that stand as a tainted merge left them, and which. */
    public Map<String, Giver> doubtful() {
        return Map.copyOf(doubtful);
    }

    private List<String> reasons(Merge merge) {
        OptionalLong recovery = bad.find(merge.seq());
        if (recovery.isPresent()) {
            return List.of("named bad by recovery #" + recovery.getAsLong());
        }
        GateRecord gate = merge.gate();
        List<String> reasons = new ArrayList<>();
        if (gate != null && (revoked.anyCompromised() || !doubtful.isEmpty())) {
            gate.requirements().stream()
                    .filter(requirement -> !RecoveryRules.isQuorum(requirement.document(), requirement.rule()))
                    .forEach(requirement -> addReasons(requirement, reasons));
        }
        return reasons;
    }

    private void addReasons(Requirement requirement, List<String> reasons) {
        Giver judge = judge(requirement);
        if (judge != null) {
            reasons.add(requirement.rule() + " rests on " + requirement.document() + " as " + judge + " left it");
        }
        List<Requirement.Evidence> clean = requirement.evidence().stream()
                .filter(evidence -> doubts(evidence).isEmpty())
                .toList();
        long people =
                clean.stream().map(Requirement.Evidence::person).distinct().count();
        int needed = requirement.state() == Requirement.State.OVERRIDDEN ? 1 : requirement.needed();
        if (people < needed && clean.size() < requirement.evidence().size()) {
            TreeSet<String> doubts = new TreeSet<>();
            requirement.evidence().forEach(evidence -> doubts.addAll(doubts(evidence)));
            reasons.add(requirement.rule() + " counts " + String.join(", ", doubts));
        }
    }

    /** Who left the document that a requirement rests on; for a standard change, that which approved its template. */
    private @Nullable Giver judge(Requirement requirement) {
        String document = requirement.document();
        if (document == null) {
            return null;
        }
        return requirement.rule().startsWith(STANDARD) ? manifests.get(document) : doubtful.get(document);
    }

    private List<String> doubts(Requirement.Evidence evidence) {
        List<String> doubts = new ArrayList<>();
        if (revoked.compromised(evidence.key(), evidence.vote())) {
            doubts.add("the compromised key " + evidence.key() + " of " + evidence.person());
        }
        Giver grant = evidence.grant() == null ? null : doubtful.get(evidence.grant());
        if (grant != null) {
            doubts.add(evidence.person() + " by " + evidence.grant() + " as " + grant + " left it");
        }
        Giver person = doubtful.get("access/people/" + evidence.person() + ".yaml");
        if (person != null && !evidence.role().equals("target")) {
            doubts.add(evidence.person() + ", whose document is as " + person + " left it");
        }
        return doubts;
    }
}
