package countersign.gate;

import countersign.access.Person;
import countersign.access.RepositorySettings;
import countersign.access.RoleGrant;
import countersign.access.Trust;
import countersign.codec.Refusal;
import countersign.gate.recovery.RecoveryRules;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.manifest.BadRange;
import countersign.manifest.Operation;
import countersign.signing.SshPublicKey;
import countersign.signing.SshSignature;
import countersign.signing.VerifiedSignatures;
import countersign.signing.WebAuthnOrigins;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether one signed statement counts for one effect under one trust at one time: a ladder whose only way out at the
 * bottom means yes. Pure but for the memory of signatures already verified. Thread-safe.
 */
public final class VoteRules {
    private final VerifiedSignatures verified;

    /**
     * What a vote is judged against.
     *
     * @param effect what it must be about
     * @param trust people, keys and grants in force: those of the tree before the change
     * @param contributors people who can't approve
     * @param time T
     */
    public record Ground(Statement.Effect effect, Trust trust, Set<String> contributors, Instant time) {
        public Ground {
            contributors = Set.copyOf(contributors);
        }
    }

    public VoteRules(VerifiedSignatures verified) {
        this.verified = verified;
    }

    /** Refuses, by the name of the first rule that it breaks, a vote that does not count. */
    public void check(Vote vote, Ground ground) {
        requireSigner(vote, ground.trust());
        checkSigned(vote, ground);
    }

    /** The rest of {@link #check}, for a vote whose signer is known to be its person. */
    void checkSigned(Vote vote, Ground ground) {
        requireSameEffect(vote.statement().effect(), ground.effect());
        if (isRecovery(vote.statement())) {
            requireNotExpired(vote, ground.time());
            return;
        }
        requireNotContributor(vote, ground);
        requireRole(vote, ground);
        requireReason(vote.statement());
        requireNotExpired(vote, ground.time());
    }

    /** Refuses a statement whose signature is not that of a key of the person it names. */
    public void requireSigner(Vote vote, Trust trust) {
        if (isRecovery(vote.statement())) {
            requireRecoveryKey(vote, trust.settings());
        } else {
            requireSigner(vote.person(), vote.bytes(), vote.signature(), trust);
        }
    }

    /** Whether a statement claims to be that of a recovery key about a recovery. */
    public static boolean isRecovery(Statement statement) {
        return statement.effect().operation() == Operation.RECOVER
                && statement.decision() == Decision.APPROVE
                && statement.role().equals(RecoveryRules.ROLE);
    }

    private void requireRecoveryKey(Vote vote, RepositorySettings settings) {
        SshSignature signature = vote.signature();
        String signer = RecoveryRules.signer(settings, signature.publicKey());
        if (!signer.equals(vote.person())) {
            throw new Refusal(
                    "key-of-another",
                    "the statement names " + vote.person() + ", the key "
                            + signature.publicKey().fingerprint() + " is " + signer,
                    "ask for a statement in the name of " + signer + ", or sign with the key of " + vote.person());
        }
        verified.verify(signature, Statement.NAMESPACE, vote.bytes(), WebAuthnOrigins.none());
    }

    /** The same for any signed text that names its signer. */
    public void requireSigner(String person, byte[] bytes, SshSignature signature, Trust trust) {
        SshPublicKey key = signature.publicKey();
        Trust.KeyOwner owner = trust.findOwner(key)
                .orElseThrow(() -> new Refusal(
                        "unknown-key",
                        "the key " + key.fingerprint() + " that signed belongs to nobody in access/people",
                        "sign with an enrolled key, or enrol this one by a change"));
        if (!owner.kind().equals("person") || !owner.name().equals(person)) {
            throw new Refusal(
                    "key-of-another",
                    "the statement names " + person + ", the key " + key.fingerprint() + " belongs to " + owner.kind()
                            + " " + owner.name(),
                    "sign with a key of " + person + ", or ask for a statement in your own name");
        }
        Person.Key enrolled = enrolled(trust.findPerson(person).orElseThrow(), key);
        verified.verify(signature.by(enrolled.publicKey()), Statement.NAMESPACE, bytes, origins(enrolled));
    }

    /** Whether a statement says what is so of the change that it is about. */
    boolean describes(Vote vote, Statement.Effect effect) {
        return vote.statement().effect().equals(effect);
    }

    private static Person.Key enrolled(Person person, SshPublicKey key) {
        return person.keys().stream()
                .filter(candidate -> candidate.publicKey().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static WebAuthnOrigins origins(Person.Key key) {
        return key.origins().isEmpty()
                ? WebAuthnOrigins.none()
                : new WebAuthnOrigins(key.publicKey().application(), Set.copyOf(key.origins()));
    }

    private static void requireSameEffect(Statement.Effect said, Statement.Effect actual) {
        requireSame("other-repository", "repository", said.repository(), actual.repository());
        requireSame("other-log", "log", said.log(), actual.log());
        requireSame("other-change", "change", said.change(), actual.change());
        requireSame("other-manifest", "manifest", said.manifest(), actual.manifest());
        requireSame("statement-misdescribes", "title", said.title(), actual.title());
        requireSame("statement-misdescribes", "operation", said.operation(), actual.operation());
        requireSame("statement-misdescribes", "targets", said.targets(), actual.targets());
        requireSame("statement-misdescribes", "paths", said.paths(), actual.paths());
        requireSame("statement-misdescribes", "recovery", text(said.recovery()), text(actual.recovery()));
    }

    private static String text(@Nullable BadRange recovery) {
        return recovery == null
                ? "none"
                : recovery + " with the head " + recovery.head() + " " + recovery.contentRoot();
    }

    private static void requireSame(String rule, String field, Object said, Object actual) {
        if (!said.equals(actual)) {
            throw new Refusal(
                    rule,
                    "the statement says " + field + " " + said + ", the change now has " + actual,
                    "download the statement again and sign that");
        }
    }

    private static void requireNotContributor(Vote vote, Ground ground) {
        Decision decision = vote.statement().decision();
        boolean mustBeIndependent =
                decision == Decision.APPROVE || decision == Decision.OVERRIDE || decision == Decision.CONFIRM;
        if (mustBeIndependent && ground.contributors().contains(vote.person())) {
            throw new Refusal(
                    "contributor-vote",
                    vote.person() + " contributed to the change and can't " + decision.label() + " it; contributors: "
                            + ground.contributors().stream().sorted().collect(Collectors.joining(", ")),
                    "someone else must sign");
        }
    }

    private static void requireRole(Vote vote, Ground ground) {
        Decision decision = vote.statement().decision();
        if (decision == Decision.SUBMIT || decision == Decision.WITHDRAW) {
            return;
        }
        String role = vote.statement().role();
        List<RoleGrant> grants = ground.trust().grants(vote.person(), role);
        if (grants.isEmpty()) {
            throw new Refusal(
                    "role-not-granted",
                    vote.person() + " claims the role " + role + ", no grant in access/grants gives it",
                    held(vote.person(), ground));
        }
        if (grants.stream().noneMatch(grant -> grant.holdsAt(ground.time()))) {
            throw new Refusal(
                    "grant-expired",
                    vote.person() + " held the role " + role + " until "
                            + grants.get(0).notAfter() + " (" + grants.get(0).path() + "), now is " + ground.time(),
                    "a new grant needs a change to access/grants");
        }
    }

    private static String held(String person, Ground ground) {
        List<String> roles = ground.trust().grants().stream()
                .filter(grant -> grant.person().equals(person) && grant.holdsAt(ground.time()))
                .map(RoleGrant::role)
                .distinct()
                .sorted()
                .toList();
        String instead = roles.isEmpty() ? "" : "sign as " + String.join(" or ", roles) + ", or ";
        return instead + "let a change to access/grants give the role";
    }

    private static void requireReason(Statement statement) {
        if (statement.decision() == Decision.OVERRIDE && statement.reason().isBlank()) {
            throw new Refusal(
                    "reason-missing",
                    "an override says why; that of " + statement.person() + " does not",
                    "sign again");
        }
    }

    private static void requireNotExpired(Vote vote, Instant time) {
        Instant expires = vote.statement().expires();
        if (!time.isBefore(expires)) {
            throw new Refusal("vote-expired", "the vote counted until " + expires + ", now is " + time, "sign again");
        }
    }
}
