package countersign.audit;

import countersign.codec.CanonicalJson;
import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.gate.MergeEvidence;
import countersign.gate.Scene;
import countersign.gate.Verifier;
import countersign.merge.Gatekeeper;
import countersign.policy.input.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the policies of a merge again, at its T and over its trees, and holds them against what {@code gate.json} says
 * (PROTOCOL §6). A difference does not break the chain: people signed what they signed. Thread-safe.
 */
final class PolicyReplay {
    private final Gatekeeper gatekeeper;

    PolicyReplay(Gatekeeper gatekeeper) {
        this.gatekeeper = gatekeeper;
    }

    /** Where the replay and the record differ, policy by policy. */
    List<Finding> differences(MergeEvidence evidence, Verifier.Verdict verdict) {
        Place gate = Place.file(verdict.manifest().change().folder() + "/gate.json");
        try {
            return compare(
                    byName(verdict.gate().policies()),
                    byName(gatekeeper
                            .evaluate(scene(evidence, verdict), Stage.MERGE)
                            .record()
                            .policies()),
                    gate);
        } catch (Refusal refusal) {
            return refusal.findings().stream()
                    .map(finding -> Finding.warning(
                            "policy-not-replayable", finding.message() + " [" + finding.rule() + "]", gate))
                    .toList();
        }
    }

    private static Scene scene(MergeEvidence evidence, Verifier.Verdict verdict) {
        return new Scene(
                verdict.manifest(),
                verdict.request(),
                evidence.before(),
                evidence.after(),
                evidence.votes().stream()
                        .filter(vote -> vote.index() < evidence.index())
                        .toList(),
                evidence.revokedKeys(),
                evidence.entry().time(),
                evidence.circumstances());
    }

    private static List<Finding> compare(Map<String, String> recorded, Map<String, String> replayed, Place gate) {
        List<Finding> findings = new ArrayList<>();
        recorded.forEach((policy, said) -> {
            String again = replayed.get(policy);
            if (again == null) {
                findings.add(Finding.warning(
                        "policy-replay-differs", policy + " is recorded; the tree before has no such policy", gate));
            } else if (!again.equals(said)) {
                findings.add(Finding.warning(
                        "policy-replay-differs",
                        policy + ": recorded is " + said + ", the replay says " + again,
                        gate));
            }
        });
        replayed.forEach((policy, said) -> {
            if (!recorded.containsKey(policy)) {
                findings.add(Finding.warning(
                        "policy-replay-differs", policy + " is not recorded; the replay says " + said, gate));
            }
        });
        return findings;
    }

    private static Map<String, String> byName(List<Map<String, @Nullable Object>> policies) {
        Map<String, String> byName = new LinkedHashMap<>();
        policies.forEach(policy -> byName.put(
                String.valueOf(policy.get("policy")),
                new String(CanonicalJson.write(policy), java.nio.charset.StandardCharsets.UTF_8).strip()));
        return byName;
    }
}
