package countersign.audit;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.audit.start.Memory;
import countersign.audit.start.StartingPoint;
import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.wish.BadMergesWish;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.gate.vote.Decision;
import countersign.git.GitRepository;
import countersign.log.Faults;
import countersign.repository.Repository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The emergency road, at the server and in its clones. */
final class EmergencyAuditTest {
    private static final String HURRY = "hurry";

    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;

    @BeforeEach
    void decides() {
        shop.open("ann", "emergencies", Map.of("policies/production.yaml", """
                apiVersion: countersign.dev/v1
                kind: ApprovalRule
                metadata:
                  name: production
                spec:
                  match: {environments: [production]}
                  require: [{role: approver, count: 2}, {role: security, count: 1}]
                  emergency: {roles: [change-control, approver], min: 1, retrospectiveWithin: PT72H}
                """));
        shop.vote("emergencies", "carol", Decision.APPROVE, "approver");
        shop.vote("emergencies", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("emergencies");
    }

    @Test
    void an_emergency_merges_with_one_signature_and_is_reviewed_afterwards() throws Exception {
        mergeInAHurry();
        assertThat(shop.changes().outlook().owedReviews()).singleElement().satisfies(review -> {
            assertThat(review.change().name()).isEqualTo(HURRY);
            assertThat(review.missing()).anySatisfy(line -> assertThat(line).contains("needs 2 approver, has 1"));
        });
        ClonedShop.Verdict waiting = cloned.verify();

        shop.vote(HURRY, "dave", Decision.APPROVE, "approver");
        shop.vote(HURRY, "erin", Decision.APPROVE, "security");
        shop.now.updateAndGet(now -> now.plus(Duration.ofHours(80)));
        shop.merged("raise-more", 90);
        ClonedShop.Verdict reviewed = cloned.verify();

        assertThat(waiting.rules()).isEmpty();
        assertThat(waiting.independentlyGood()).as(waiting.independent()).isTrue();
        assertThat(shop.changes().outlook().owedReviews()).isEmpty();
        assertThat(reviewed.rules()).isEmpty();
        assertThat(reviewed.independentlyGood()).as(reviewed.independent()).isTrue();
    }

    @Test
    void an_overdue_review_is_found_and_holds_up_the_next_merge_of_the_system() throws Exception {
        mergeInAHurry();
        shop.now.updateAndGet(now -> now.plus(Duration.ofDays(3)).plusSeconds(1));
        shop.opened("raise-more", 90);
        shop.approve("raise-more");
        shop.open("bob", "readme", Map.of("README.md", "# Our shop\n"));
        shop.vote("readme", "carol", Decision.APPROVE, "approver");

        Refusal held = refusalOf(() -> shop.changes().merge("raise-more"));
        shop.changes().merge("readme");
        ClonedShop.Verdict overdue = cloned.verify();
        shop.restart(true, Faults.NONE);
        Refusal afterRestart = refusalOf(() -> shop.changes().merge("raise-more"));
        shop.vote(HURRY, "dave", Decision.APPROVE, "approver");
        shop.vote(HURRY, "erin", Decision.APPROVE, "security");
        Change merged = shop.changes().merge("raise-more");
        ClonedShop.Verdict late = cloned.verify();

        assertThat(held.rule()).isEqualTo("review-overdue");
        assertThat(afterRestart.rule()).isEqualTo("review-overdue");
        assertThat(overdue.rules()).containsExactly("review-overdue");
        assertThat(overdue.independent()).contains("review-overdue").endsWith("NOT VERIFIED\n");
        assertThat(merged.state()).isEqualTo(ChangeState.SCHEDULED);
        assertThat(late.rules()).isEmpty();
        assertThat(late.independentlyGood()).as(late.independent()).isTrue();
    }

    @Test
    void a_verification_that_begins_behind_an_emergency_knows_what_it_owes() throws Exception {
        mergeInAHurry();
        Memory memory = verify(new StartingPoint.Genesis(cloned.genesis(), null), new ArrayList<>())
                .memory()
                .orElseThrow();
        shop.open("bob", "readme", Map.of("README.md", "# Our shop\n"));
        shop.vote("readme", "carol", Decision.APPROVE, "approver");
        String start = shop.changes().merge("readme").merged().commit();
        StartingPoint later =
                new StartingPoint.Later(start, shop.repository.snapshot(start).contentRoot());
        shop.now.updateAndGet(now -> now.plus(Duration.ofDays(3)).plusSeconds(1));
        shop.open("bob", "more", Map.of("MORE.md", "# More\n"));
        shop.vote("more", "carol", Decision.APPROVE, "approver");

        assertThat(rules(later)).containsExactly("review-overdue");
        assertThat(rules(new StartingPoint.Remembered(memory))).containsExactly("review-overdue");
        shop.vote(HURRY, "dave", Decision.APPROVE, "approver");
        shop.vote(HURRY, "erin", Decision.APPROVE, "security");
        assertThat(rules(later)).isEmpty();
        assertThat(rules(new StartingPoint.Remembered(memory))).isEmpty();
    }

    @Test
    void what_was_signed_before_a_verification_ended_counts_in_the_next() throws Exception {
        mergeInAHurry();
        shop.vote(HURRY, "dave", Decision.APPROVE, "approver");
        Memory memory = verify(new StartingPoint.Genesis(cloned.genesis(), null), new ArrayList<>())
                .memory()
                .orElseThrow();
        shop.vote(HURRY, "erin", Decision.APPROVE, "security");
        shop.now.updateAndGet(now -> now.plus(Duration.ofHours(80)));
        shop.merged("raise-more", 90);

        List<AuditLine> lines = new ArrayList<>();
        CloneAudit.Outcome outcome = verify(new StartingPoint.Remembered(memory), lines);

        assertThat(lines).allMatch(AuditLine::good);
        assertThat(outcome.memory())
                .isEqualTo(verify(new StartingPoint.Genesis(cloned.genesis(), null), new ArrayList<>())
                        .memory());
    }

    private List<String> rules(StartingPoint start) throws Exception {
        List<AuditLine> lines = new ArrayList<>();
        verify(start, lines);
        return lines.stream()
                .flatMap(line -> line.findings().stream())
                .map(Finding::rule)
                .toList();
    }

    private CloneAudit.Outcome verify(StartingPoint start, List<AuditLine> lines) throws Exception {
        try (Repository clone = GitRepository.openForReading(cloned.fresh())) {
            return new CloneAudit(clone).verify(start, CloneAudit.Depth.CHAIN, lines::add);
        }
    }

    @Test
    void the_emergency_itself_may_be_rolled_back_while_its_review_is_overdue() {
        mergeInAHurry();
        shop.now.updateAndGet(now -> now.plus(Duration.ofHours(80)));

        String name = shop.changes().rollback(HURRY, "frank").id().name();
        shop.approve(name);

        assertThat(shop.changes().merge(name).merged()).isNotNull();
    }

    @Test
    void an_emergency_that_a_recovery_names_bad_owes_nothing_any_more() throws Exception {
        mergeInAHurry();
        shop.changes().recover(new BadMergesWish("take-back", "Take back", "It was bad.", 2, 2), "ann");
        shop.vote("take-back", "recovery-1", Decision.APPROVE, "recovery", Shop.key("recovery"));
        shop.changes().merge("take-back");
        shop.now.updateAndGet(now -> now.plus(Duration.ofHours(80)));
        shop.merged("raise-more", 90);

        ClonedShop.Verdict verdict = cloned.verify();
        shop.restart(false, Faults.NONE);

        assertThat(shop.changes().outlook().owedReviews()).isEmpty();
        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void another_emergency_does_not_wait() {
        mergeInAHurry();
        shop.now.updateAndGet(now -> now.plus(Duration.ofHours(80)));
        openInAHurry("hurry-more", 120);
        shop.vote("hurry-more", "carol", Decision.APPROVE, "approver");

        assertThat(shop.changes().merge("hurry-more").merged()).isNotNull();
    }

    @Test
    void a_contributor_does_not_review_and_nobody_reviews_what_is_no_emergency() {
        mergeInAHurry();
        shop.open("bob", "readme", Map.of("README.md", "# Our shop\n"));
        shop.vote("readme", "carol", Decision.APPROVE, "approver");
        shop.changes().merge("readme");

        assertThat(refusalOf(() -> shop.vote(HURRY, "ann", Decision.APPROVE, "approver"))
                        .rule())
                .isEqualTo("contributor-vote");
        assertThat(refusalOf(() -> shop.vote("readme", "dave", Decision.APPROVE, "approver"))
                        .rule())
                .isEqualTo("decision-does-not-fit");
        assertThat(refusalOf(() -> shop.vote(HURRY, "carol", Decision.APPROVE, "approver"))
                        .rule())
                .isEqualTo("already-voted");
    }

    @Test
    void a_role_that_the_rule_does_not_name_lets_no_emergency_pass() {
        openInAHurry(HURRY, 60);
        shop.vote(HURRY, "erin", Decision.APPROVE, "security");

        assertThat(refusalOf(() -> shop.changes().merge(HURRY)))
                .hasMessageContaining("an emergency needs 1 of change-control, approver, has 0");
    }

    private void mergeInAHurry() {
        openInAHurry(HURRY, 60);
        shop.vote(HURRY, "carol", Decision.APPROVE, "approver");
        shop.changes().merge(HURRY);
    }

    private void openInAHurry(String name, int timeout) {
        Map<String, String> files = Map.of(Shop.SYSTEM, Shop.system("production", timeout));
        shop.open(
                "ann",
                name,
                files,
                request -> request.replace("type: normal", "type: emergency")
                        .replace(
                                "rollback: {roles: [operator], for: PT24H}",
                                "emergency: {reason: Nobody can pay., declaredBy: frank}"));
    }
}
