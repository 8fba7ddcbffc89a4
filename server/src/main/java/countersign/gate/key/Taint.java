package countersign.gate.key;

import countersign.gate.GateRecord;
import countersign.gate.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What a compromised key takes from the merges that counted it: those that would not have merged without its votes. */
public final class Taint {
    private Taint() {}

    /** The requirements that are not met without the votes of compromised keys; empty if the merge is not tainted. */
    public static List<String> of(GateRecord gate, RevokedKeys revoked) {
        List<String> tainted = new ArrayList<>();
        if (revoked.anyCompromised()) {
            for (Requirement requirement : gate.requirements()) {
                if (isTainted(requirement, revoked)) {
                    tainted.add(requirement.rule() + " counts " + keys(requirement, revoked));
                }
            }
        }
        return tainted;
    }

    private static boolean isTainted(Requirement requirement, RevokedKeys revoked) {
        long clean = requirement.evidence().stream()
                .filter(evidence -> !revoked.compromised(evidence.key(), evidence.vote()))
                .map(Requirement.Evidence::person)
                .distinct()
                .count();
        int needed = requirement.state() == Requirement.State.OVERRIDDEN ? 1 : requirement.needed();
        return clean < needed && clean < requirement.evidence().size();
    }

    private static String keys(Requirement requirement, RevokedKeys revoked) {
        TreeSet<String> keys = new TreeSet<>();
        requirement.evidence().stream()
                .filter(evidence -> revoked.compromised(evidence.key(), evidence.vote()))
                .forEach(evidence -> keys.add("the compromised key " + evidence.key() + " of " + evidence.person()));
        return String.join(", ", keys);
    }
}
