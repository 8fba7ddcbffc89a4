package countersign.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.change.wish.Draft;
import countersign.codec.Refusal;
import countersign.gate.Requirement;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements that are well signed and could never count are not kept for ever. */
final class UselessVotesTest {
    private static final String FREEZE = "change-freeze/shop/sale";
    private static final String CALENDAR = """
            apiVersion: countersign.dev/v1
            kind: Calendar
            metadata:
              name: shop
            spec:
              timeZone: Europe/Amsterdam
              match: {environments: [production]}
              windows:
                - {name: night, title: Night, from: 2026-11-01T01:00, duration: PT4H, recurrence: FREQ=DAILY}
              freezes:
                - {name: sale, reason: A sale., from: 2026-11-20, until: 2026-11-24}
                - {name: next-sale, reason: Another., from: 2026-12-20, until: 2026-12-24}
              override: {roles: [change-control], maximum: PT8H}
            """;

    @AutoClose
    private final Shop shop = Shop.open();

    @BeforeEach
    void freeze() {
        shop.open("bob", "freeze", Map.of("calendar/shop.yaml", CALENDAR));
        shop.vote("freeze", "carol", Decision.APPROVE, "approver");
        shop.vote("freeze", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("freeze");
        shop.opened("raise-timeout", 60);
    }

    @Test
    void an_override_of_a_rule_that_holds_the_change_up_now_or_later_is_taken() {
        override("frank", "change-control", FREEZE);
        override("frank", "change-control", "maintenance-window/shop");
        override("frank", "change-control", "change-freeze/shop/next-sale");

        assertThat(shop.changes().gate("raise-timeout").record().requirements())
                .filteredOn(requirement -> requirement.state() == Requirement.State.OVERRIDDEN)
                .extracting(Requirement::rule)
                .containsExactly(FREEZE, "maintenance-window/shop");
    }

    @Test
    void an_override_of_a_rule_that_is_not_there_is_refused_with_those_that_are_and_not_logged() {
        long size = shop.log().size();

        refused("not-overridable", () -> override("frank", "change-control", "change-freeze/shop/sail"));

        assertThatThrownBy(() -> override("frank", "change-control", "change-freeze/shop/sail"))
                .hasMessageContaining("change-freeze/shop/sail")
                .hasMessageContaining(FREEZE);
        assertThat(shop.log().size()).isEqualTo(size);
    }

    @Test
    void an_override_of_a_rule_that_names_nobody_for_it_is_refused() {
        for (String rule : new String[] {"floor", "every-path-has-a-rule", "production", "no-standing-rejection"}) {
            refused("not-overridable", () -> override("frank", "change-control", rule));
        }
    }

    @Test
    void an_override_by_a_role_that_the_rule_does_not_name_is_refused_with_those_that_it_names() {
        refused("override-not-permitted", () -> override("carol", "approver", FREEZE));
        assertThatThrownBy(() -> override("carol", "approver", FREEZE)).hasMessageContaining("change-control");
    }

    @Test
    void a_calendar_that_does_not_bind_the_change_is_not_overridden() {
        shop.open("bob", "readme", Map.of("README.md", "# Our shop\n"));

        refused("not-overridable", () -> override("readme", "frank", "change-control", FREEZE));
    }

    @Test
    void who_has_nothing_to_withdraw_is_told_so() {
        refused("nothing-to-withdraw", () -> withdraw("carol"));

        shop.vote("raise-timeout", "carol", Decision.APPROVE, "approver");
        withdraw("carol");

        refused("nothing-to-withdraw", () -> withdraw("carol"));
    }

    @Test
    void an_override_and_a_rejection_are_withdrawn() {
        override("frank", "change-control", FREEZE);
        withdraw("frank");
        refused("nothing-to-withdraw", () -> withdraw("frank"));

        shop.vote("raise-timeout", "dave", Decision.REJECT, "approver");
        assertThat(withdraw("dave").statement().decision()).isEqualTo(Decision.WITHDRAW);
    }

    private Vote withdraw(String person) {
        return shop.vote("raise-timeout", person, Decision.WITHDRAW, "approver");
    }

    private Vote override(String person, String role, String rule) {
        return override("raise-timeout", person, role, rule);
    }

    private Vote override(String change, String person, String role, String rule) {
        Statement statement =
                shop.changes().draft(change, new Draft(person, Decision.OVERRIDE, role, "An outage.", rule, "manual"));
        return shop.changes()
                .vote(change, statement.bytes(), Shop.key(person).sign(Statement.NAMESPACE, statement.bytes()));
    }

    private static void refused(String rule, ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo(rule));
    }
}
