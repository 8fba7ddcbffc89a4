package countersign.gate;

import countersign.codec.Sha256;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Provenance;
import countersign.gate.vote.SeenCheckpoint;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/** A vote to be signed: by default what a good client would sign; every method makes it differ in one thing. */
public final class VoteDraft {
    private final String person;
    private final String role;
    private final Decision decision;
    private String key;
    private String namespace = Statement.NAMESPACE;
    private Duration lasts = Duration.ofDays(14);
    private UnaryOperator<Statement> saying = statement -> statement;

    private VoteDraft(String person, String role, Decision decision) {
        this.person = person;
        this.role = role;
        this.decision = decision;
        this.key = person;
    }

    public static VoteDraft approval(String person, String role) {
        return new VoteDraft(person, role, Decision.APPROVE);
    }

    public static VoteDraft of(Decision decision, String person, String role) {
        return new VoteDraft(person, role, decision);
    }

    /** Signed with the key of another name of {@link Keys}. */
    public VoteDraft signedWith(String keyName) {
        key = keyName;
        return this;
    }

    public VoteDraft inNamespace(String other) {
        namespace = other;
        return this;
    }

    /** How long after its log entry it counts. */
    public VoteDraft lasting(Duration duration) {
        lasts = duration;
        return this;
    }

    /** Changes what the statement says before it is signed; applied after earlier such changes. */
    public VoteDraft saying(UnaryOperator<Statement> change) {
        UnaryOperator<Statement> first = saying;
        saying = statement -> change.apply(first.apply(statement));
        return this;
    }

    /** Changes what the statement says about the change before it is signed. */
    public VoteDraft about(UnaryOperator<Statement.Effect> change) {
        return saying(statement -> new Statement(
                change.apply(statement.effect()),
                statement.decision(),
                statement.role(),
                statement.rule(),
                statement.expires(),
                statement.provenance()));
    }

    /** Names the rule that an override sets aside. */
    public VoteDraft settingAside(String rule) {
        return saying(statement -> new Statement(
                statement.effect(),
                statement.decision(),
                statement.role(),
                rule,
                statement.expires(),
                statement.provenance()));
    }

    /** Gives another reason. */
    public VoteDraft because(String reason) {
        return from(said ->
                new Provenance(said.person(), reason, said.issuedAt(), said.nonce(), said.checkpoint(), said.client()));
    }

    /** Changes what the statement says of its signer before it is signed. */
    public VoteDraft from(UnaryOperator<Provenance> change) {
        return saying(statement -> new Statement(
                statement.effect(),
                statement.decision(),
                statement.role(),
                statement.rule(),
                statement.expires(),
                change.apply(statement.provenance())));
    }

    /** The vote as the log would hold it at an index. */
    public Vote sign(Statement.Effect effect, long index, Instant loggedAt) {
        Statement statement = saying.apply(statement(effect, index, loggedAt));
        byte[] bytes = statement.bytes();
        String armored = Keys.of(key).sign(namespace, bytes);
        return Vote.of(Vote.entry(bytes, armored, loggedAt), index);
    }

    private Statement statement(Statement.Effect effect, long index, Instant loggedAt) {
        Sha256 mark = Sha256.of((person + decision + index).getBytes(StandardCharsets.UTF_8));
        return new Statement(
                effect,
                decision,
                role,
                null,
                loggedAt.plus(lasts),
                new Provenance(
                        person,
                        decision == Decision.APPROVE ? "" : "as agreed in the stand-up",
                        loggedAt,
                        HexFormat.of().formatHex(mark.bytes(), 0, 16),
                        new SeenCheckpoint(effect.log(), index, mark),
                        "cli"));
    }
}
