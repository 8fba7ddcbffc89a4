package countersign.change;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.store.Change;
import countersign.change.wish.Draft;
import countersign.codec.Finding;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.repository.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What freezes do to changes that are merged already. */
final class FrozenChangesTest {
    private static final Instant IN_THE_SALE = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant BEHIND_IT = Instant.parse("2026-11-25T12:00:00Z");
    private static final String CALENDAR = """
            apiVersion: countersign.dev/v1
            kind: Calendar
            metadata:
              name: shop
            spec:
              timeZone: Europe/Amsterdam
              match: {environments: [production]}
              freezes:
                - {name: sale, reason: A sale., from: %s, until: 2026-11-24}
              override: {roles: [change-control], maximum: PT8H}
            """;

    @AutoClose
    private final Shop shop = Shop.open();

    private int decisions;

    @Test
    void without_calendars_nothing_waits() {
        assertThat(frozen(shop.merged("raise-timeout", 60), IN_THE_SALE)).isNull();
    }

    @Test
    void a_change_that_merged_before_a_freeze_waits_in_it_and_no_longer() {
        decide(CALENDAR.formatted("2026-11-23"));
        Change merged = shop.merged("raise-timeout", 60);

        assertThat(frozen(merged, shop.now.get())).isNull();
        assertThat(frozen(merged, IN_THE_SALE))
                .contains("calendar/shop.yaml freezes " + Shop.SYSTEM + " by sale (sale) until 2026-11-24T23:00:00Z");
        assertThat(frozen(merged, BEHIND_IT)).isNull();
    }

    @Test
    void a_freeze_that_was_decided_behind_the_merge_counts_and_one_that_was_taken_away_does_not() {
        Change merged = shop.merged("raise-timeout", 60);
        decide(CALENDAR.formatted("2026-11-23"));
        assertThat(frozen(merged, IN_THE_SALE)).isNotNull();

        decide(CALENDAR.formatted("2026-11-24"));

        assertThat(frozen(merged, IN_THE_SALE)).isNull();
    }

    @Test
    void another_environment_does_not_wait() {
        decide(CALENDAR.formatted("2026-11-23"));
        shop.open("ann", "in-test", Map.of("systems/checkout/checkout-test.yaml", Shop.system("test", 60)));
        shop.vote("in-test", "carol", Decision.APPROVE, "approver");

        assertThat(frozen(shop.changes().merge("in-test"), IN_THE_SALE)).isNull();
    }

    @Test
    void what_was_overridden_at_the_gate_goes_on_as_long_as_the_override_holds() {
        decide(CALENDAR.formatted("2026-11-23"));
        shop.now.set(IN_THE_SALE);
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        Statement statement = shop.changes()
                .draft(
                        "raise-timeout",
                        new Draft(
                                "frank",
                                Decision.OVERRIDE,
                                "change-control",
                                "Outage.",
                                "change-freeze/shop/sale",
                                "manual"));
        shop.changes()
                .vote(
                        "raise-timeout",
                        statement.bytes(),
                        Shop.key("frank").sign(Statement.NAMESPACE, statement.bytes()));
        Change merged = shop.changes().merge("raise-timeout");

        assertThat(frozen(merged, IN_THE_SALE.plusSeconds(8 * 3600 - 1))).isNull();
        assertThat(frozen(merged, IN_THE_SALE.plusSeconds(8 * 3600))).contains("freezes");
    }

    @Test
    void a_rollback_that_one_signature_brought_does_not_wait() {
        decide(CALENDAR.formatted("2026-11-23"));
        shop.merged("raise-timeout", 60);
        String name = shop.changes().rollback("raise-timeout", "ann").id().name();
        shop.vote(name, "frank", Decision.ROLLBACK, "operator");

        assertThat(frozen(shop.changes().merge(name), IN_THE_SALE)).isNull();
    }

    @Test
    void a_target_that_takes_the_folder_of_a_held_one_waits_with_it_until_a_change_releases_that_one() {
        String root = text("countersign.yaml");
        String target = text("targets/web-production.yaml");
        decide("countersign.yaml", root.replace("\nspec:\n", "\nspec:\n  heldTargets: [web-production]\n"));
        shop.open(
                "ann",
                "another",
                Map.of(
                        "targets/web-production.yaml",
                        target.replace("production/web", "production/rehearsal"),
                        "targets/web-other.yaml",
                        target.replace("web-production", "web-other"),
                        Shop.SYSTEM,
                        Shop.system("production", 60).replace("[web-production]", "[web-other]")));
        shop.approve("another");
        Change merged = shop.changes().merge("another");

        String waits = frozen(merged, shop.now.get());
        decide("countersign.yaml", root);

        assertThat(waits).contains("holds web-other (in the folder of web-production)", "spec.heldTargets");
        assertThat(frozen(merged, shop.now.get())).isNull();
    }

    private String text(String path) {
        Snapshot main = shop.repository.snapshot(shop.changes().main());
        return new String(main.read(path, 100_000), StandardCharsets.UTF_8);
    }

    private String frozen(Change change, Instant time) {
        return shop.changes().frozen().of(change.id(), time).stream()
                .map(Finding::message)
                .findFirst()
                .orElse(null);
    }

    private void decide(String calendar) {
        decide("calendar/shop.yaml", calendar);
    }

    private void decide(String path, String text) {
        String name = "decision-" + ++decisions;
        shop.open("ann", name, Map.of(path, text));
        shop.vote(name, "carol", Decision.APPROVE, "approver");
        shop.vote(name, "dave", Decision.APPROVE, "approver");
        shop.changes().merge(name);
    }
}
