package countersign.gate;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.manifest.ChangeId;
import countersign.manifest.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A change needs one approver; each vote here is no vote of an approver, for one reason. */
class VoteTamperTest {
    private static final String TEST = "systems/storefront/storefront-test.yaml";

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"statements", "signatures", "people"})
    void a_vote_that_does_not_count_is_named(String rule, String lie, VoteDraft vote) {
        MergeDraft merge = change(lateShop()).vote(vote).merge();

        Refusal refusal = refusalOf(merge::verify);

        assertThat(refusal.rule()).as(lie).isEqualTo("requirement-unmet");
        assertThat(refusal).hasMessageContaining("(" + rule + ")").hasMessageContaining("needs 1 approver, has 0");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"statements", "signatures", "people"})
    void the_rule_for_one_vote_refuses_it_by_the_same_name(String rule, String lie, VoteDraft vote) {
        Shop shop = lateShop();
        MergeDraft merge = change(shop).vote(vote).merge();
        Scene scene = merge.scene();
        VoteRules.Ground ground = new VoteRules.Ground(
                scene.effect(),
                shop.trusts().read(scene.before()),
                new HashSet<>(scene.manifest().contributors()),
                scene.time());

        Refusal refusal = refusalOf(() -> shop.voteRules().check(scene.votes().get(0), ground));

        assertThat(refusal.rule()).as(lie).isEqualTo(rule);
    }

    static Stream<Arguments> statements() {
        return Stream.of(
                lie(
                        "other-repository",
                        "another repository",
                        effect -> new Statement.Effect(
                                effect.manifest(),
                                ShopFiles.ID.replace('7', '8'),
                                effect.log(),
                                effect.change(),
                                effect.title(),
                                effect.operation(),
                                effect.targets(),
                                effect.paths())),
                lie(
                        "other-log",
                        "another log",
                        effect -> new Statement.Effect(
                                effect.manifest(),
                                effect.repository(),
                                "log.elsewhere.example",
                                effect.change(),
                                effect.title(),
                                effect.operation(),
                                effect.targets(),
                                effect.paths())),
                lie(
                        "other-change",
                        "another change",
                        effect -> new Statement.Effect(
                                effect.manifest(),
                                effect.repository(),
                                effect.log(),
                                new ChangeId("2026-11-20", "raise-port"),
                                effect.title(),
                                effect.operation(),
                                effect.targets(),
                                effect.paths())),
                lie("statement-misdescribes", "another title", effect -> described(effect, "Nothing", effect.paths())),
                lie(
                        "statement-misdescribes",
                        "a path less",
                        effect -> described(effect, effect.title(), effect.paths() - 1)),
                lie(
                        "statement-misdescribes",
                        "another operation",
                        effect -> new Statement.Effect(
                                effect.manifest(),
                                effect.repository(),
                                effect.log(),
                                effect.change(),
                                effect.title(),
                                Operation.ROLLBACK,
                                effect.targets(),
                                effect.paths())),
                lie(
                        "statement-misdescribes",
                        "other targets",
                        effect -> new Statement.Effect(
                                effect.manifest(),
                                effect.repository(),
                                effect.log(),
                                effect.change(),
                                effect.title(),
                                effect.operation(),
                                List.of(),
                                effect.paths())));
    }

    static Stream<Arguments> signatures() {
        return Stream.of(
                Arguments.of("wrong-namespace", "a commit's namespace", carol().inNamespace("git")),
                Arguments.of("wrong-namespace", "a file's namespace", carol().inNamespace("file")),
                Arguments.of("unknown-key", "the key of nobody", carol().signedWith("mallory")),
                Arguments.of("key-of-another", "the key of another person", carol().signedWith("dave")),
                Arguments.of("key-of-another", "the key of the server", carol().signedWith("server")),
                Arguments.of("key-of-another", "the recovery key", carol().signedWith("vault")),
                Arguments.of("key-of-another", "the key of an agent", carol().signedWith("agent")),
                Arguments.of(
                        "key-of-another",
                        "the name of another",
                        VoteDraft.approval("dave", "approver").signedWith("carol")));
    }

    static Stream<Arguments> people() {
        return Stream.of(
                Arguments.of("role-not-granted", "no such role", VoteDraft.approval("erin", "approver")),
                Arguments.of("role-not-granted", "no role at all", VoteDraft.approval("grace", "approver")),
                Arguments.of("grant-expired", "a grant of last year", VoteDraft.approval("heidi", "approver")),
                Arguments.of("grant-expired", "a grant of next year", VoteDraft.approval("ivan", "approver")),
                Arguments.of("vote-expired", "an old vote", carol().lasting(Duration.ofSeconds(59))),
                Arguments.of("vote-expired", "until T", carol().lasting(Duration.ofMinutes(1))),
                Arguments.of("contributor-vote", "the author's own", VoteDraft.approval("bob", "approver")));
    }

    @Test
    void a_vote_on_another_manifest_is_no_vote() {
        MergeDraft merge = change(shop())
                .vote(carol().about(effect -> new Statement.Effect(
                        Sha256.of("other".getBytes(UTF_8)),
                        effect.repository(),
                        effect.log(),
                        effect.change(),
                        effect.title(),
                        effect.operation(),
                        effect.targets(),
                        effect.paths())))
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("carol (other-manifest)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"author", "committer", "uploader", "requester", "collaborator", "submitter"})
    void whoever_had_a_part_in_a_change_does_not_approve_it(String part) {
        ProposedChange change = shop().change("raise-port").touching(TEST, ShopFiles.storefront("test", 8090));
        switch (part) {
            case "author" -> change.by("ann").written("carol", "ann");
            case "committer" -> change.by("ann").written("ann", "carol");
            case "uploader" -> change.by("ann").uploadedBy("carol");
            case "requester" -> change.by("carol").written("ann", "ann");
            case "collaborator" -> change.by("ann").requesting("collaborators: [carol]");
            default -> change.by("ann").submittedBy("carol");
        }

        MergeDraft merge = change.approvedBy("carol", "approver").merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("carol (contributor-vote)");
    }

    @Test
    void a_second_key_of_one_person_is_not_a_second_person() {
        Shop shop = shop().with("access/people/carol.yaml", ShopFiles.person("carol", "carol", "carol-2"));

        MergeDraft merge = production(shop)
                .vote(carol())
                .vote(carol().signedWith("carol-2"))
                .approvedBy("erin", "security")
                .merge();

        assertThat(refusalOf(merge::verify))
                .hasMessageContaining("approve-production: needs 2 approver, has 1 (carol)");
    }

    @Test
    void a_person_with_two_roles_has_one_vote() {
        MergeDraft merge = production(shop().granting("carol", "security"))
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .approvedBy("carol", "security")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("needs 1 security, has 0");
    }

    @Test
    void a_vote_that_does_not_count_does_not_stand_in_the_way_of_one_that_does() {
        MergeDraft merge = change(shop())
                .vote(VoteDraft.approval("carol", "director"))
                .vote(carol().lasting(Duration.ofSeconds(1)))
                .vote(carol())
                .merge();

        assertThat(merge.verify().gate().open()).isTrue();
    }

    @Test
    void a_grant_that_covers_other_paths_gives_no_vote() {
        Shop shop = shop().with(
                        "access/grants/carol-approver.yaml",
                        ShopFiles.grant("carol-approver", "carol", "approver", "{environments: [production]}"));

        MergeDraft merge = change(shop).vote(carol()).merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("needs 1 approver, has 0");
    }

    @Test
    void a_key_that_its_owner_revoked_gives_no_vote() {
        MergeDraft merge = change(shop()).vote(carol()).keyRevoked("carol").merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("carol (key-revoked)");
    }

    @Test
    void a_withdrawn_approval_is_none() {
        MergeDraft merge = change(shop()).vote(carol()).withdrawnBy("carol").merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("needs 1 approver, has 0");
    }

    @Test
    void an_approval_that_the_log_repeats_after_its_withdrawal_stays_withdrawn() {
        MergeDraft merge = change(shop()).vote(carol()).withdrawnBy("carol").merge();

        merge.votes(votes -> repeat(votes, 0));

        assertThat(refusalOf(merge::verify)).hasMessageContaining("needs 1 approver, has 0");
    }

    @Test
    void an_approval_after_a_withdrawal_stands() {
        MergeDraft merge =
                change(shop()).vote(carol()).withdrawnBy("carol").vote(carol()).merge();

        assertThat(merge.verify().gate().open()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonce", "client"})
    void a_statement_is_read_strictly(String field) {
        Vote vote = change(shop()).vote(carol()).merge().scene().votes().get(0);
        String text = new String(vote.bytes(), UTF_8);

        String bad = field.equals("nonce")
                ? text.replace("\"nonce\":\"", "\"nonce\":\"x")
                : text.replace("\"client\":\"cli\"", "\"client\":\"cly\"");

        assertThat(refusalOf(() -> Statement.parse(bad.getBytes(UTF_8))).rule()).isEqualTo("malformed-statement");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"approve\" \"Approve\"", "\"apply\" \"APPLY\"", "00Z\" 00.000Z\""})
    void a_statement_has_one_way_to_be_written(String goodAndBad) {
        String[] pair = goodAndBad.split(" ", 2);
        Vote vote = change(shop()).vote(carol()).merge().scene().votes().get(0);
        String text = new String(vote.bytes(), UTF_8);
        assertThat(text).contains(pair[0]);

        String bad = text.replace(pair[0], pair[1]);

        assertThat(refusalOf(() -> Statement.parse(bad.getBytes(UTF_8))).rule()).isEqualTo("not-canonical");
    }

    private static VoteDraft carol() {
        return VoteDraft.approval("carol", "approver");
    }

    private static Shop lateShop() {
        String grant = ShopFiles.grant("heidi-approver", "heidi", "approver", "{}");
        return shop().with("access/people/heidi.yaml", ShopFiles.person("heidi", "heidi"))
                .with("access/people/ivan.yaml", ShopFiles.person("ivan", "ivan"))
                .with("access/grants/heidi-approver.yaml", grant.replace("2027-01-01", "2026-11-21"))
                .with(
                        "access/grants/ivan-approver.yaml",
                        grant.replace("heidi", "ivan").replace("2026-01-01", "2026-11-22"))
                .with(
                        "targets/web-test.yaml",
                        ShopFiles.target("web-test", "test")
                                + "  agents: [{key: "
                                + Keys.of("agent").publicKey().line() + "}]\n");
    }

    private static ProposedChange change(Shop shop) {
        return shop.change("raise-port").by("bob").touching(TEST, ShopFiles.storefront("test", 8090));
    }

    private static ProposedChange production(Shop shop) {
        return shop.change("raise-port")
                .by("ann")
                .touching("systems/storefront/storefront-production.yaml", ShopFiles.storefront("production", 8090));
    }

    private static Arguments lie(String rule, String lie, UnaryOperator<Statement.Effect> change) {
        return Arguments.of(rule, lie, carol().about(change));
    }

    private static Statement.Effect described(Statement.Effect effect, String title, int paths) {
        return new Statement.Effect(
                effect.manifest(),
                effect.repository(),
                effect.log(),
                effect.change(),
                title,
                effect.operation(),
                effect.targets(),
                paths);
    }

    static List<Vote> repeat(List<Vote> votes, int which) {
        List<Vote> more = new ArrayList<>(votes);
        Vote vote = votes.get(which);
        Vote last = votes.get(votes.size() - 1);
        more.add(new Vote(vote.statement(), vote.bytes(), vote.armored(), last.index() + 1, last.loggedAt()));
        return more;
    }
}
