package countersign.audit;

import static countersign.gate.Refusals.refusalOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.change.wish.Draft;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.log.Faults;
import countersign.log.LogEntry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Freezes and windows, at the server and in its clones. */
final class CalendarAuditTest {
    private static final String FREEZE = "change-freeze/shop/sale";
    private static final Instant IN_THE_SALE = Instant.parse("2026-11-23T12:00:00Z");

    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;

    @BeforeEach
    void decides() {
        shop.open("ann", "calendar", Map.of("calendar/shop.yaml", """
                apiVersion: countersign.dev/v1
                kind: Calendar
                metadata:
                  name: shop
                spec:
                  timeZone: Europe/Amsterdam
                  match: {environments: [production]}
                  freezes:
                    - {name: sale, reason: A sale., from: 2026-11-23, until: 2026-11-24}
                  override: {roles: [change-control], maximum: PT8H}
                """));
        shop.vote("calendar", "carol", Decision.APPROVE, "approver");
        shop.vote("calendar", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("calendar");
    }

    @Test
    void a_freeze_holds_until_somebody_whom_the_calendar_names_signs() throws Exception {
        shop.now.set(IN_THE_SALE);
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        Refusal refusal = refusalOf(() -> shop.changes().merge("raise-timeout"));

        Statement statement = shop.changes()
                .draft(
                        "raise-timeout",
                        new Draft("frank", Decision.OVERRIDE, "change-control", "Outage.", FREEZE, "manual"));
        shop.changes()
                .vote(
                        "raise-timeout",
                        statement.bytes(),
                        Shop.key("frank").sign(Statement.NAMESPACE, statement.bytes()));
        shop.changes().merge("raise-timeout");
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(refusal.rule()).isEqualTo("change-freeze");
        assertThat(shop.changes().gate("raise-timeout").record().requirements())
                .filteredOn(requirement -> requirement.rule().equals(FREEZE))
                .singleElement()
                .satisfies(
                        requirement -> assertThat(requirement.state().label()).isEqualTo("overridden"));
        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void a_restarted_server_holds_up_what_it_held_up() {
        shop.now.set(IN_THE_SALE);
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");

        shop.restart(true, Faults.NONE);

        assertThat(refusalOf(() -> shop.changes().merge("raise-timeout")).rule())
                .isEqualTo("change-freeze");
    }

    @Test
    void a_server_that_merges_in_a_freeze_is_named() throws Exception {
        Path clone = pretendedMergeAt(IN_THE_SALE, shop.merged("raise-timeout", 60));

        ClonedShop.Verdict verdict = cloned.verify(clone);

        assertThat(verdict.good()).isFalse();
        assertThat(verdict.lines())
                .flatExtracting(AuditLine::findings)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("change-freeze");
                    assertThat(finding.message()).contains("calendar/shop.yaml").contains(Shop.SYSTEM);
                });
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent())
                .contains("freezes and windows must be ['" + FREEZE + "'], is ['change-freeze/shop']");
    }

    @Test
    void a_merge_inside_its_window_is_good_and_one_outside_is_named() throws Exception {
        shop.open("ann", "nights", Map.of("calendar/nights.yaml", """
                apiVersion: countersign.dev/v1
                kind: Calendar
                metadata:
                  name: nights
                spec:
                  timeZone: Europe/Amsterdam
                  match: {systems: ["checkout-*"]}
                  windows:
                    - {name: saturday, from: 2026-11-14T09:00, duration: PT4H, recurrence: FREQ=WEEKLY}
                """));
        shop.vote("nights", "carol", Decision.APPROVE, "approver");
        shop.vote("nights", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("nights");

        Path clone = pretendedMergeAt(Instant.parse("2026-11-22T12:00:00Z"), shop.merged("raise-timeout", 60));
        ClonedShop.Verdict honest = cloned.verify();
        ClonedShop.Verdict pretended = cloned.verify(clone);

        assertThat(honest.rules()).isEmpty();
        assertThat(honest.independentlyGood()).as(honest.independent()).isTrue();
        assertThat(pretended.rules()).containsExactly("outside-maintenance-window");
        assertThat(pretended.independent())
                .contains("maintenance-window/nights must be overridden, is satisfied")
                .endsWith("NOT VERIFIED\n");
    }

    @Test
    void a_merge_after_the_window_of_its_own_request_is_named() throws Exception {
        String window = "  window: {notBefore: 2026-11-21T09:00:00Z, notAfter: 2026-11-21T11:00:00Z}\n";
        shop.open(
                "ann",
                "raise-timeout",
                Map.of(Shop.SYSTEM, Shop.system("production", 60)),
                request -> request + window);
        shop.approve("raise-timeout");
        Change merged = shop.changes().merge("raise-timeout");

        Path clone = pretendedMergeAt(Instant.parse("2026-11-21T11:00:01Z"), merged);
        ClonedShop.Verdict honest = cloned.verify();
        ClonedShop.Verdict pretended = cloned.verify(clone);

        assertThat(honest.rules()).isEmpty();
        assertThat(honest.independentlyGood()).as(honest.independent()).isTrue();
        assertThat(pretended.rules()).containsExactly("requirement-unmet");
        assertThat(pretended.text()).contains("inside-its-window");
        assertThat(pretended.independent())
                .contains("FAIL")
                .contains("inside-its-window: ")
                .endsWith("NOT VERIFIED\n");
    }

    /** A clone in which a change, honestly merged now, says that it was merged at another time. */
    private Path pretendedMergeAt(Instant time, Change change) throws Exception {
        String folder = change.id().folder();
        Path clone = cloned.fresh();
        Forger forger = new Forger(clone, History.of(cloned, clone));
        Instant honest = forger.history.lastMerge().time();
        String gate = new String(forger.bytes("cat-file", "blob", "main:" + folder + "/gate.json"), ISO_8859_1);
        byte[] lie = gate.replace(honest.toString(), time.toString()).getBytes(ISO_8859_1);

        forger.mergeOtherwise(
                Map.of(folder + "/gate.json", lie),
                merge -> new LogEntry.Merge(
                        merge.seq(),
                        merge.before(),
                        merge.after(),
                        merge.contentRoot(),
                        merge.manifest(),
                        Sha256.of(lie),
                        time));
        return clone;
    }
}
