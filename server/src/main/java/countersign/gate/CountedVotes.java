package countersign.gate;

import countersign.access.PathFacets;
import countersign.access.RoleGrant;
import countersign.access.Trust;
import countersign.codec.Refusal;
import countersign.gate.vote.Ballot;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Vote;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The votes of a scene that pass every rule for votes, and why the others do not. */
final class CountedVotes {
    private final Scene scene;
    private final Trust trust;
    private final Ballot ballot;
    private final List<String> dropped = new ArrayList<>();
    private final VoteRules rules;
    private final VoteRules.Ground ground;
    private StandardChanges.@Nullable Delegation delegation;

    CountedVotes(Scene scene, Trust trust, VoteRules rules) {
        this.scene = scene;
        this.trust = trust;
        this.rules = rules;
        List<Vote> signed =
                scene.votes().stream().filter(this::signedByItsPerson).toList();
        this.ground = new VoteRules.Ground(scene.effect(), trust, contributors(signed), scene.time());
        this.ballot = Ballot.of(
                scene.manifest().digest(),
                signed.stream()
                        .filter(vote -> vote.decides(Decision.WITHDRAW) || counts(vote))
                        .toList(),
                this::takesBackRejections);
    }

    /** Whoever contributed, and whoever rejects. */
    Set<String> notApproving() {
        Set<String> people = new HashSet<>(ground.contributors());
        rejections().forEach(vote -> people.add(vote.person()));
        return people;
    }

    /** Counts an approval that was given in advance, beside those that are votes. */
    void delegated(StandardChanges.Delegation given) {
        delegation = given;
    }

    /** The evidence of all approvals in a role over paths, one of each person. */
    List<Requirement.Evidence> approving(String role, List<PathFacets> paths) {
        List<Requirement.Evidence> evidence = new ArrayList<>();
        approvals().stream()
                .filter(vote -> vote.statement().role().equals(role))
                .forEach(vote -> evidence(vote, paths).ifPresent(evidence::add));
        StandardChanges.Delegation given = delegation;
        if (given != null
                && given.role().equals(role)
                && evidence.stream().noneMatch(found -> found.person().equals(given.person()))) {
            given.evidence(trust, paths, scene).ifPresent(evidence::add);
        }
        return evidence;
    }

    List<Vote> approvals() {
        return ballot.approvals();
    }

    List<Vote> rejections() {
        return ballot.rejections();
    }

    List<Vote> others(Decision decision) {
        return ballot.others(decision);
    }

    /** The evidence that a vote gives for a role over paths; empty if its grant does not cover all of them. */
    Optional<Requirement.Evidence> evidence(Vote vote, List<PathFacets> paths) {
        String role = vote.statement().role();
        RoleGrant last = null;
        for (PathFacets facets : paths) {
            Optional<RoleGrant> grant = trust.findGrant(vote.person(), role, facets, scene.time());
            if (grant.isEmpty()) {
                return Optional.empty();
            }
            last = grant.get();
        }
        String path = last == null ? null : last.path();
        return Optional.of(new Requirement.Evidence(vote.person(), role, vote.keyFingerprint(), path, vote.index()));
    }

    /** {@code "; not counted: …"}, or nothing. */
    String droppedText() {
        return dropped.isEmpty()
                ? ""
                : dropped.stream().distinct().sorted().collect(Collectors.joining("; ", "; not counted: ", ""));
    }

    /** Judged before anything is sorted: a forged withdrawal must not take back a rejection. */
    private boolean signedByItsPerson(Vote vote) {
        try {
            rules.requireSigner(vote, trust);
            return true;
        } catch (Refusal refusal) {
            dropped.add(vote.person() + " (" + refusal.rule() + ")");
            return false;
        }
    }

    /** Who signed a submission contributed, even where the manifest does not say so. */
    private Set<String> contributors(List<Vote> signed) {
        Set<String> contributors = new HashSet<>(scene.manifest().contributors());
        signed.stream()
                .filter(vote -> vote.decides(Decision.SUBMIT))
                .filter(vote -> vote.manifest().equals(scene.manifest().digest()))
                .forEach(vote -> contributors.add(vote.person()));
        return contributors;
    }

    private boolean takesBackRejections(Vote withdrawal) {
        return !isRevoked(withdrawal) && rules.describes(withdrawal, ground.effect());
    }

    private boolean isRevoked(Vote vote) {
        return scene.revokedKeys().contains(vote.keyFingerprint());
    }

    private boolean counts(Vote vote) {
        try {
            rules.checkSigned(vote, ground);
            if (isRevoked(vote)) {
                throw new Refusal("key-revoked", "the key " + vote.keyFingerprint() + " was revoked by its owner");
            }
            return true;
        } catch (Refusal refusal) {
            dropped.add(vote.person() + " (" + refusal.rule() + ")");
            return false;
        }
    }
}
