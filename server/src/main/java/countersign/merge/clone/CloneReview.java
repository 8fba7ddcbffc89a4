package countersign.merge.clone;

import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.document.reader.Documents;
import countersign.gate.VoteRules;
import countersign.manifest.ChangeId;
import countersign.merge.Gatekeeper;
import countersign.merge.Heard;
import countersign.merge.Preview;
import countersign.merge.Proposals;
import countersign.merge.PushRules;
import countersign.policy.PolicyEngine;
import countersign.policy.input.Stage;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.signing.VerifiedSignatures;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * What a branch would do to main, worked out in somebody's own clone by the rules of the server, so that nobody has to
 * believe the server. Writes nothing into the clone. Thread-safe.
 */
public final class CloneReview {
    private static final int DOCUMENTS = 20_000;

    private final Repository clone;
    private final TrustReader trusts;
    private final Proposals proposals;
    private final PushRules rules;
    private final Gatekeeper gatekeeper;

    public CloneReview(Repository clone) {
        DocumentReader documents = new DocumentReader(new Documents(), DOCUMENTS);
        this.clone = clone;
        this.trusts = new TrustReader(documents);
        this.proposals = new Proposals(documents, trusts, new PolicyEngine());
        this.rules = new PushRules(documents);
        this.gatekeeper =
                new Gatekeeper(documents, trusts, new VoteRules(new VerifiedSignatures(1)), new PolicyEngine());
    }

    /** What the clone has as main: the server's, as it was last fetched; a Refusal {@code no-main} without one. */
    public String main() {
        return clone.findRef("refs/remotes/origin/main")
                .or(() -> clone.findRef(Repository.MAIN))
                .orElseThrow(() -> new Refusal("no-main", "the clone has no branch main", "git fetch origin"));
    }

    /** Whom main trusts. */
    public Trust trust() {
        return trusts.read(clone.snapshot(main()));
    }

    /** The change whose request a commit adds to main. */
    public ChangeId changeOf(String tip) {
        return proposals.changeOf(clone, main(), tip);
    }

    /**
     * What a commit would do to main.
     *
     * @param uploaders the people who pushed it, who count as contributors
     */
    public Preview preview(ChangeId change, String tip, Collection<String> uploaders) {
        return proposals.preview(clone, main(), new Proposals.Branch(change, tip, uploaders));
    }

    /** Why the server would refuse the push of a commit by this person whole. */
    public List<Finding> checkPush(String tip, String pusher) {
        return rules.check(new ClonedPush(clone, main(), tip, pusher), trust());
    }

    /** What stands between a change and its merge while nobody has voted. */
    public Gatekeeper.Evaluation evaluate(Preview preview, Instant time) {
        return gatekeeper.evaluate(Gatekeeper.scene(preview, Heard.nothing(), time), Stage.PUSH);
    }
}
