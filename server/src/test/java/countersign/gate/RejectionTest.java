package countersign.gate;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What blocks a change although enough people approve, and who may set a rule or a rejection aside. */
class RejectionTest {
    private static final String TEST = "systems/storefront/storefront-test.yaml";
    private static final String PRODUCTION = "systems/storefront/storefront-production.yaml";

    @Test
    void a_rejection_blocks() {
        MergeDraft merge = raise(shop(), TEST)
                .approvedBy("carol", "approver")
                .rejectedBy("dave", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("no-standing-rejection: rejected by dave");
    }

    @Test
    void a_rejection_blocks_even_after_ones_own_approval() {
        MergeDraft merge = raise(shop(), TEST)
                .approvedBy("dave", "approver")
                .approvedBy("carol", "approver")
                .rejectedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("no-standing-rejection: rejected by carol");
    }

    @Test
    void an_approval_does_not_lift_ones_own_rejection() {
        MergeDraft merge = raise(shop(), TEST)
                .rejectedBy("carol", "approver")
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("no-standing-rejection: rejected by carol");
    }

    @Test
    void a_withdrawn_rejection_no_longer_blocks() {
        MergeDraft merge = raise(shop(), TEST)
                .approvedBy("carol", "approver")
                .rejectedBy("dave", "approver")
                .withdrawnBy("dave")
                .merge();

        assertThat(merge.verify().gate().open()).isTrue();
    }

    @Test
    void a_forged_withdrawal_does_not_lift_a_rejection() {
        MergeDraft merge = raise(shop(), TEST)
                .approvedBy("carol", "approver")
                .rejectedBy("dave", "approver")
                .vote(VoteDraft.of(Decision.WITHDRAW, "dave", "approver").signedWith("mallory"))
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("no-standing-rejection: rejected by dave");
    }

    @Test
    void a_withdrawal_under_a_wrong_description_does_not_lift_a_rejection() {
        MergeDraft merge = raise(shop(), TEST)
                .approvedBy("carol", "approver")
                .rejectedBy("dave", "approver")
                .vote(VoteDraft.of(Decision.WITHDRAW, "dave", "approver")
                        .about(effect -> new Statement.Effect(
                                effect.manifest(),
                                effect.repository(),
                                effect.log(),
                                effect.change(),
                                "A harmless change",
                                effect.operation(),
                                effect.targets(),
                                effect.paths())))
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("no-standing-rejection: rejected by dave");
    }

    @Test
    void a_withdrawal_that_the_log_repeats_does_not_lift_a_later_rejection() {
        MergeDraft merge = raise(shop(), TEST)
                .approvedBy("carol", "approver")
                .rejectedBy("dave", "approver")
                .withdrawnBy("dave")
                .rejectedBy("dave", "approver")
                .merge();

        merge.votes(votes -> VoteTamperTest.repeat(votes, 2));

        assertThat(refusalOf(merge::verify)).hasMessageContaining("no-standing-rejection: rejected by dave");
    }

    @Test
    void a_rejection_is_set_aside_by_a_role_that_a_matching_rule_names() {
        MergeDraft merge = approved(shop())
                .rejectedBy("bob", "approver")
                .overriddenBy("frank", "change-control", "no-standing-rejection")
                .merge();

        assertThat(merge.verify().gate().requirements())
                .filteredOn(requirement -> requirement.rule().equals("no-standing-rejection"))
                .extracting(Requirement::state)
                .containsExactly(Requirement.State.OVERRIDDEN);
    }

    @Test
    void a_rule_is_set_aside_by_the_role_that_it_names() {
        MergeDraft merge = raise(shop(), PRODUCTION)
                .approvedBy("carol", "approver")
                .overriddenBy("frank", "change-control", "approve-production")
                .merge();

        assertThat(merge.verify().gate().requirements())
                .filteredOn(requirement -> requirement.rule().equals("approve-production"))
                .extracting(Requirement::state)
                .containsExactly(Requirement.State.OVERRIDDEN, Requirement.State.OVERRIDDEN);
    }

    @ParameterizedTest
    @CsvSource({
        "erin, security, approve-production",
        "carol, approver, approve-production",
        "frank, change-control, approve-everything",
        "frank, change-control, no-such-rule"
    })
    void no_other_role_and_no_other_rule_is_set_aside(String person, String role, String rule) {
        MergeDraft merge = raise(shop(), PRODUCTION)
                .approvedBy("dave", "approver")
                .overriddenBy(person, role, rule)
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-production: needs 2 approver, has 1");
    }

    @Test
    void a_contributor_sets_nothing_aside() {
        MergeDraft merge = raise(shop().granting("ann", "change-control"), PRODUCTION)
                .approvedBy("carol", "approver")
                .overriddenBy("ann", "change-control", "approve-production")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("ann (contributor-vote)");
    }

    @Test
    void an_override_says_why() {
        MergeDraft merge = raise(shop(), PRODUCTION)
                .approvedBy("carol", "approver")
                .vote(VoteDraft.of(Decision.OVERRIDE, "frank", "change-control")
                        .settingAside("approve-production")
                        .because(" "))
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("frank (reason-missing)");
    }

    @Test
    void a_person_who_approves_and_overrides_leaves_both_votes_in_the_folder() {
        Shop shop = shop().granting("frank", "approver");

        MergeDraft merge = raise(shop, PRODUCTION)
                .approvedBy("frank", "approver")
                .overriddenBy("frank", "change-control", "approve-production")
                .merge();

        assertThat(merge.verify().gate().open()).isTrue();
        assertThat(ServerFolder.files(
                        merge.scene().manifest(), merge.gate(), merge.scene().votes()))
                .hasSize(6)
                .containsKey(merge.folder() + "/votes/frank.json.sig")
                .containsKey(merge.folder() + "/votes/frank.3.json.sig");
    }

    private static ProposedChange raise(Shop shop, String path) {
        String environment = path.equals(TEST) ? "test" : "production";
        return shop.change("raise-port").by("ann").touching(path, ShopFiles.storefront(environment, 8090));
    }

    private static ProposedChange approved(Shop shop) {
        return raise(shop, PRODUCTION)
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .approvedBy("erin", "security");
    }
}
