package countersign.gate;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Refusal;
import countersign.gate.vote.Decision;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What calendars keep from merging, and what lets it through. */
class CalendarRequirementsTest {
    private static final String TEST = "systems/storefront/storefront-test.yaml";
    private static final String CALENDAR = "calendar/shop.yaml";
    private static final String FREEZE = "change-freeze/shop/sale";
    private static final String FROZEN = """
            match: {environments: [test]}
            freezes:
              - {name: sale, title: Winter sale, reason: Nobody may slow it down., from: 2026-11-21, until: 2026-11-23}
            override: {roles: [change-control], maximum: PT2H}
            """;
    private static final String NIGHTS = """
            windows:
              - {name: sunday-night, from: 2026-11-01T23:00, duration: PT4H, recurrence: FREQ=WEEKLY;BYDAY=SU}
            override: {roles: [change-control], maximum: PT2H}
            """;

    @Test
    void a_freeze_refuses_a_merge_and_says_which_until_when_and_what_to_do() {
        MergeDraft merge =
                approved(raise(shop().with(CALENDAR, calendar(FROZEN)))).merge();

        Refusal refusal = refusalOf(merge::verify);

        assertThat(refusal.rule()).isEqualTo("change-freeze");
        assertThat(refusal)
                .hasMessageContaining("calendar/shop.yaml")
                .hasMessageContaining("by sale (Winter sale)")
                .hasMessageContaining("until 2026-11-23T23:00:00Z (2026-11-24T00:00:00+01:00 Europe/Amsterdam)")
                .hasMessageContaining(TEST)
                .hasMessageContaining("let change-control sign an override of " + FREEZE + ", which holds for PT2H");
    }

    @Test
    void it_ends_at_its_end() {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN));
        MergeDraft before = approved(
                        raise(shop.later(Duration.between(shop.now(), Instant.parse("2026-11-23T22:50:00Z")))))
                .merge();
        assertThat(refusalOf(before::verify).rule()).isEqualTo("change-freeze");
        Shop later = shop().with(CALENDAR, calendar(FROZEN));

        MergeDraft after = approved(
                        raise(later.later(Duration.between(later.now(), Instant.parse("2026-11-23T22:59:59Z")))))
                .merge();

        assertThat(after.verify().gate().requirements())
                .filteredOn(requirement -> requirement.rule().startsWith("change-freeze"))
                .singleElement()
                .satisfies(requirement -> {
                    assertThat(requirement.rule()).isEqualTo("change-freeze/shop");
                    assertThat(requirement.document()).isEqualTo(CALENDAR);
                    assertThat(requirement.state()).isEqualTo(Requirement.State.SATISFIED);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "match: {environments: [production]}",
                "match: {systems: [checkout-*]}",
                "match: {systems: [storefront-test], targets: [web-production]}",
                "match: {paths: [\"systems/checkout/**\"]}"
            })
    void a_freeze_of_something_else_asks_for_nothing(String match) {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN.replace("match: {environments: [test]}", match)));

        Verifier.Verdict verdict = approved(raise(shop)).merge().verify();

        assertThat(verdict.gate().requirements())
                .noneMatch(requirement -> requirement.rule().startsWith("change-freeze"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            match: {systems: [storefront-*], targets: [web-test]}  | systems/storefront/storefront-test.yaml
            match: {paths: ["systems/storefront/**"]}              | systems/storefront/storefront-test.yaml
            match: {systems: [storefront-test]}                    | systems/storefront/files/banner.html
            match: {systems: [storefront-production]}              | packages/storefront-2-4-0.yaml
            match: {systems: [checkout-test]}                      | targets/web-test.yaml
            description: All.                                      | README.md
            """)
    void a_freeze_holds_up_whatever_reaches_what_it_is_about(String match, String path) {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN.replace("match: {environments: [test]}", match)));
        MergeDraft merge = shop.change("touch")
                .touching(path, shop.text(path) + (path.endsWith("yaml") ? "# more\n" : "more\n"))
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .approvedBy("erin", "security")
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("change-freeze");
    }

    @Test
    void a_calendar_that_a_system_asks_for_binds_it() {
        String elsewhere = calendar(FROZEN.replace("[test]", "[staging]"));
        Shop shop = shop().with(CALENDAR, elsewhere)
                .with(TEST, ShopFiles.storefront("test", 8080).replace("  owner:", "  calendar: shop\n  owner:"));

        MergeDraft merge = approved(raise(shop)).merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("change-freeze");
    }

    @Test
    void a_calendar_counts_as_it_was_before_and_may_always_be_mended() {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN.replace("match: {environments: [test]}\n", "")));
        ProposedChange both = raise(shop).touching(CALENDAR, calendar("description: None.\n"));
        both.approvedBy("carol", "approver").approvedBy("dave", "approver");
        assertThat(refusalOf(both.merge()::verify).rule()).isEqualTo("change-freeze");

        shop.change("mend")
                .touching(CALENDAR, calendar("description: None.\n"))
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .merge()
                .land();

        assertThat(approved(raise(shop)).merge().verify().gate().open()).isTrue();
    }

    @Test
    void outside_of_its_windows_a_merge_is_refused_with_the_next_opening() {
        Shop shop = shop().with(CALENDAR, calendar(NIGHTS));

        Refusal refusal = refusalOf(approved(raise(shop)).merge()::verify);

        assertThat(refusal.rule()).isEqualTo("outside-maintenance-window");
        assertThat(refusal)
                .hasMessageContaining("the next opens at 2026-11-22T22:00:00Z (2026-11-22T23:00:00+01:00")
                .hasMessageContaining("maintenance-window/shop");
    }

    @Test
    void the_next_opening_is_one_that_no_freeze_shuts() {
        Shop shop = shop().with(CALENDAR, calendar(NIGHTS + """
                freezes:
                  - {name: sale, reason: Sale., from: 2026-11-22, until: 2026-11-22T23:30}
                """));

        Refusal refusal = refusalOf(approved(raise(shop)).merge()::verify);

        assertThat(refusal).hasMessageContaining("the next opens at 2026-11-22T22:30:00Z");
    }

    @Test
    void inside_a_window_it_merges() {
        Shop shop = shop().with(CALENDAR, calendar(NIGHTS));
        shop.later(Duration.between(shop.now(), Instant.parse("2026-11-23T00:30:00Z")));

        Verifier.Verdict verdict = approved(raise(shop)).merge().verify();

        assertThat(verdict.gate().requirements()).anySatisfy(requirement -> {
            assertThat(requirement.rule()).isEqualTo("maintenance-window/shop");
            assertThat(requirement.message()).isEqualTo("open: sunday-night");
        });
    }

    @Test
    void an_override_lifts_exactly_that_rule_and_stands_in_the_record() {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN));

        Verifier.Verdict verdict = approved(raise(shop))
                .overriddenBy("frank", "change-control", FREEZE)
                .merge()
                .verify();

        assertThat(verdict.gate().requirements()).anySatisfy(requirement -> {
            assertThat(requirement.rule()).isEqualTo(FREEZE);
            assertThat(requirement.state()).isEqualTo(Requirement.State.OVERRIDDEN);
            assertThat(requirement.evidence()).singleElement().satisfies(evidence -> {
                assertThat(evidence.person()).isEqualTo("frank");
                assertThat(evidence.key())
                        .isEqualTo(Keys.of("frank").publicKey().fingerprint());
                assertThat(evidence.grant()).isEqualTo("access/grants/frank-change-control.yaml");
            });
        });
    }

    @ParameterizedTest
    @CsvSource({
        "frank, change-control, change-freeze/shop",
        "frank, change-control, change-freeze/shop/other",
        "frank, change-control, maintenance-window/shop",
        "erin, security, change-freeze/shop/sale",
        "bob, approver, change-freeze/shop/sale"
    })
    void another_override_does_not(String person, String role, String rule) {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN));

        MergeDraft merge =
                approved(raise(shop)).overriddenBy(person, role, rule).merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("change-freeze");
    }

    @Test
    void an_override_by_who_contributed_does_not() {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN)).granting("ann", "change-control");

        MergeDraft merge = approved(raise(shop).by("ann"))
                .overriddenBy("ann", "change-control", FREEZE)
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("change-freeze");
    }

    @ParameterizedTest
    @CsvSource({"PT60S, false", "PT61S, true"})
    void an_override_holds_no_longer_than_the_calendar_says(String maximum, boolean open) {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN.replace("PT2H", maximum)));

        GateRecord aMinuteLater = approved(raise(shop))
                .overriddenBy("frank", "change-control", FREEZE)
                .merge()
                .gate();

        assertThat(aMinuteLater.open()).isEqualTo(open);
    }

    @Test
    void an_override_holds_no_longer_than_its_signer_says() {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN));

        MergeDraft merge = approved(raise(shop))
                .vote(VoteDraft.of(Decision.OVERRIDE, "frank", "change-control")
                        .settingAside(FREEZE)
                        .lasting(Duration.ofMinutes(1)))
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("frank (vote-expired)");
    }

    @Test
    void two_freezes_need_two_overrides() {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN))
                .with("calendar/books.yaml", calendar(FROZEN).replace("name: shop", "name: books"));
        ProposedChange change = approved(raise(shop)).overriddenBy("frank", "change-control", FREEZE);
        assertThat(refusalOf(change.merge()::verify)).hasMessageContaining("calendar/books.yaml freezes");

        change.overriddenBy("frank", "change-control", "change-freeze/books/sale");

        assertThat(change.merge().verify().gate().open()).isTrue();
    }

    @Test
    void an_emergency_passes_where_a_rule_has_that_road_and_only_there() {
        String road = ShopFiles.rule("approve-everything", """
                match: {paths: ["**"]}
                require: [{role: approver, count: 1}]
                emergency: {roles: [approver], min: 1, retrospectiveWithin: PT24H}
                """);
        Shop without = shop().with(CALENDAR, calendar(FROZEN));
        Shop with = shop().with(CALENDAR, calendar(FROZEN)).with("policies/approve-everything.yaml", road);

        MergeDraft refused = approved(raise(without).ofType("emergency")).merge();
        MergeDraft passed = approved(raise(with).ofType("emergency")).merge();

        assertThat(refusalOf(refused::verify).rule()).isEqualTo("change-freeze");
        assertThat(passed.verify().gate().requirements()).anySatisfy(requirement -> {
            assertThat(requirement.rule()).isEqualTo(FREEZE);
            assertThat(requirement.state()).isEqualTo(Requirement.State.NOT_APPLICABLE);
        });
    }

    @Test
    void a_gate_that_forgets_the_freeze_is_found() {
        Shop shop = shop().with(CALENDAR, calendar(FROZEN));
        MergeDraft merge = approved(raise(shop))
                .overriddenBy("frank", "change-control", FREEZE)
                .merge();
        GateRecord honest = merge.gate();

        merge.gate(new GateRecord(
                honest.engine(),
                honest.manifest(),
                honest.change(),
                honest.time(),
                honest.requirements().stream()
                        .filter(requirement -> !requirement.rule().equals(FREEZE))
                        .toList(),
                honest.contributors(),
                honest.policies()));

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("gate-differs");
    }

    private static ProposedChange raise(Shop shop) {
        return shop.change("raise-port").touching(TEST, ShopFiles.storefront("test", 8090));
    }

    private static ProposedChange approved(ProposedChange change) {
        return change.approvedBy("carol", "approver");
    }

    private static String calendar(String spec) {
        return "apiVersion: countersign.dev/v1\nkind: Calendar\nmetadata: {name: shop}\nspec:\n"
                + ("timeZone: Europe/Amsterdam\n" + spec).indent(2);
    }
}
