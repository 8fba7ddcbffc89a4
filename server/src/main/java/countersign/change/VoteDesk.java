package countersign.change;

import countersign.change.key.KeyRing;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.codec.Refusal;
import countersign.gate.Scene;
import countersign.gate.VoteRules;
import countersign.gate.emergency.EmergencyReviews;
import countersign.gate.key.RevokedKeys;
import countersign.gate.vote.Ballot;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.log.RecordLog;
import countersign.manifest.ChangeId;
import countersign.merge.Gatekeeper;
import countersign.merge.Heard;
import countersign.merge.Ledger;
import countersign.merge.Preview;
import countersign.merge.SeenLog;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Takes in signed statements about changes: judges and logs them. Thread-safe. */
final class VoteDesk {
    private final Reviews reviews;
    private final RecordLog log;
    private final Ledger ledger;
    private final Gatekeeper gatekeeper;
    private final VoteRules rules;
    private final Projection projection;
    private final KeyRing ring;
    private final EmergencyReviews emergencies;

    VoteDesk(Reviews.Parts parts, Reviews reviews) {
        this.reviews = reviews;
        this.log = parts.log();
        this.ledger = parts.ledger();
        this.gatekeeper = parts.gatekeeper();
        this.rules = parts.voteRules();
        this.projection = parts.projection();
        this.ring = parts.ring();
        this.emergencies = parts.emergencies();
    }

    /** Reads a signed statement that is not in the log yet. */
    Vote read(byte[] bytes, String armored) {
        return Vote.of(Vote.entry(bytes, armored, reviews.now()), log.size());
    }

    /**
     * Logs a signed statement; judges it again unless nothing that bears on it has altered meanwhile. No merge of the
     * change may overlap it.
     */
    Vote vote(Change change, Vote cast, Judged judged) {
        boolean stands = change.state().open() && judged.equals(judged(change));
        Instant time = stands ? judged.time : judge(change, cast).time;
        Vote logged = cast.logged(log.append(Vote.entry(cast.bytes(), cast.armored(), time)), time);
        projection.voted(logged);
        return logged;
    }

    /**
     * Everything that may have altered since a statement about an open change was judged; about a merged one, there is more.
     */
    record Judged(Change change, String main, List<Vote> votes, RevokedKeys revoked, Instant time) {}

    private Judged judged(Change change) {
        return new Judged(change, ledger.main(), votes(change.id()), ring.present(), reviews.now());
    }

    /** Refuses a signed statement that would not be logged; its signature is verified once and remembered. */
    Judged judge(Change change, Vote vote) {
        Judged judged = judged(change);
        Statement statement = vote.statement();
        Reviews.Ground ground = reviews.ground(change);
        Instant time = judged.time;
        requireFitting(change, statement);
        requireNotRevoked(vote);
        rules.check(
                vote,
                new VoteRules.Ground(
                        ground.effect(),
                        ground.trust(),
                        new HashSet<>(ground.manifest().contributors()),
                        time));
        requireCovered(statement, ground, time);
        SeenLog.require(statement.provenance().checkpoint(), log);
        requireFirst(change.id(), statement);
        requireSomethingToWithdraw(change.id(), statement);
        return judged;
    }

    private void requireFitting(Change change, Statement statement) {
        boolean afterMerge = statement.decision() == Decision.CONFIRM;
        boolean fits = afterMerge
                ? change.state() == ChangeState.SOAKING
                : change.state().open() || (statement.decision() == Decision.APPROVE && owes(change));
        if (!fits) {
            throw new Refusal(
                    "decision-does-not-fit",
                    "the change " + change.id() + " is " + change.state().label() + "; it can't be given the decision "
                            + statement.decision().label());
        }
    }

    /** A merged emergency change is approved afterwards. */
    private boolean owes(Change change) {
        return emergencies.owed().stream().anyMatch(review -> review.change().equals(change.id()));
    }

    private void requireNotRevoked(Vote vote) {
        ring.present().find(vote.keyFingerprint()).ifPresent(revoked -> {
            throw new Refusal(
                    "key-revoked",
                    "the key " + revoked.key() + " that signed was revoked by " + revoked.person() + " in log entry "
                            + revoked.index(),
                    "sign with another key");
        });
    }

    /** A role that is granted for nothing the change touches is no role here. */
    private void requireCovered(Statement statement, Reviews.Ground ground, Instant time) {
        Preview preview = ground.preview();
        if (preview == null
                || VoteRules.isRecovery(statement)
                || statement.decision() == Decision.SUBMIT
                || statement.decision() == Decision.WITHDRAW) {
            return;
        }
        Scene scene = Gatekeeper.scene(preview, Heard.nothing(), time);
        boolean covers = gatekeeper.facets(scene).stream()
                .anyMatch(path -> ground.trust()
                        .findGrant(statement.person(), statement.role(), path, time)
                        .isPresent());
        if (!covers) {
            throw new Refusal(
                    "grant-out-of-scope",
                    "no grant gives " + statement.person() + " the role " + statement.role()
                            + " for any path that the change touches");
        }
        if (statement.decision() == Decision.OVERRIDE) {
            gatekeeper.requireOverridable(scene, String.valueOf(statement.rule()), statement.role());
        }
    }

    private List<Vote> votes(ChangeId change) {
        return projection.testimony().votes(change);
    }

    private void requireFirst(ChangeId change, Statement statement) {
        if (statement.decision() != Decision.APPROVE && statement.decision() != Decision.REJECT) {
            return;
        }
        Optional<Vote> standing = ballot(change, statement).findStanding(statement.person());
        standing.ifPresent(vote -> {
            throw new Refusal(
                    "already-voted",
                    statement.person() + " already signed this manifest ("
                            + vote.statement().decision().label() + ", log entry " + vote.index()
                            + "); one person is one vote, whatever the key",
                    "withdraw that vote first");
        });
    }

    /** Who never voted about the effect as it is has nothing to take back. */
    private void requireSomethingToWithdraw(ChangeId change, Statement statement) {
        if (statement.decision() != Decision.WITHDRAW) {
            return;
        }
        Ballot ballot = ballot(change, statement);
        boolean overrides = ballot.others(Decision.OVERRIDE).stream()
                .anyMatch(vote -> vote.person().equals(statement.person()));
        if (!overrides && ballot.findStanding(statement.person()).isEmpty()) {
            throw new Refusal(
                    "nothing-to-withdraw",
                    "no approval, rejection or override by " + statement.person() + " stands for the manifest "
                            + statement.effect().manifest().hex() + " of " + change);
        }
    }

    private Ballot ballot(ChangeId change, Statement statement) {
        return Ballot.of(statement.effect().manifest(), votes(change));
    }
}
