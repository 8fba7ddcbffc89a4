package countersign.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.change.event.Event;
import countersign.change.event.EventType;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import countersign.change.wish.Opening;
import countersign.codec.Refusal;
import countersign.data.DataCopy;
import countersign.gate.stop.StopOrder;
import countersign.gate.vote.Decision;
import countersign.git.object.Disk;
import countersign.log.Faults;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangesTest {
    @AutoClose
    private final Shop shop = Shop.open();

    @Test
    void a_change_with_all_signatures_merges() {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");

        Change merged = shop.changes().merge("raise-timeout");

        assertThat(merged.state()).isEqualTo(ChangeState.SCHEDULED);
        assertThat(shop.repository.findRef("refs/heads/main"))
                .contains(merged.merged().commit());
        assertThat(shop.repository.findRef("refs/heads/change/raise-timeout")).isEmpty();
        assertThat(shop.merges).hasSize(1);
    }

    @Test
    void a_change_with_one_signature_waits() {
        shop.opened("raise-timeout", 60);
        shop.vote("raise-timeout", "carol", Decision.APPROVE, "approver");

        refused("requirement-unmet", () -> shop.changes().merge("raise-timeout"));
    }

    @Test
    void a_change_is_to_be_decided_so_soon_after_its_opening_as_its_priority_says() {
        Change opened = shop.opened("raise-timeout", 60);
        Instant deadline = opened.openedAt().plus(Duration.ofDays(3));
        assertThat(opened.due()).isEqualTo(new Change.Due(3, deadline, null));

        shop.now.set(deadline);
        assertThat(shop.changes().outlook().late()).isZero();
        assertThat(shop.changes().get("raise-timeout").lateAt(deadline)).isFalse();
        shop.now.set(deadline.plusSeconds(1));

        assertThat(shop.changes().outlook().late()).isEqualTo(1);
        assertThat(shop.changes().get("raise-timeout").lateAt(deadline.plusSeconds(1)))
                .isTrue();
    }

    @Test
    void a_decision_is_as_late_as_the_vote_that_made_it_whenever_it_merges() {
        Change opened = shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        Instant voted = shop.now.get();
        shop.now.set(opened.due().by().plusSeconds(60));

        Change merged = shop.changes().merge("raise-timeout");

        assertThat(merged.due().decidedAt()).isEqualTo(voted);
        assertThat(merged.lateAt(shop.now.get())).isFalse();
        assertThat(shop.changes().outlook().decidedLate()).isZero();
        shop.opened("raise-more", 90);
        shop.now.set(shop.now.get().plus(Duration.ofDays(4)));
        shop.approve("raise-more");
        assertThat(shop.changes().get("raise-more").lateAt(shop.now.get())).isTrue();
        assertThat(shop.changes().outlook().decidedLate()).isEqualTo(1);
    }

    @Test
    void a_decision_about_other_bytes_is_none() {
        shop.opened("raise-timeout", 60);
        shop.vote("raise-timeout", "carol", Decision.REJECT, "approver");
        assertThat(shop.changes().get("raise-timeout").due().decidedAt()).isNotNull();

        shop.changes()
                .revise(
                        "ann",
                        "raise-timeout",
                        new Opening("Less", Map.of(Shop.SYSTEM, Shop.write(Shop.system("production", 50)))));

        assertThat(shop.changes().get("raise-timeout").due().decidedAt()).isNull();
    }

    @Test
    void an_unrelated_merge_leaves_votes_standing() {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        shop.open("bob", "readme", Map.of("README.md", "# Our shop\n"));
        shop.vote("readme", "carol", Decision.APPROVE, "approver");
        shop.changes().merge("readme");

        Change merged = shop.changes().merge("raise-timeout");

        assertThat(merged.state()).isEqualTo(ChangeState.SCHEDULED);
    }

    @Test
    void a_related_merge_kills_votes_and_names_the_path() {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        shop.merged("lower-timeout", 10);

        assertThatThrownBy(() -> shop.changes().merge("raise-timeout"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("path-conflict"))
                .hasMessageContaining(Shop.SYSTEM);
        assertThat(shop.changes().get("raise-timeout").state()).isEqualTo(ChangeState.DRAFT);
    }

    @Test
    void votes_that_do_not_count_are_refused_by_name() {
        shop.opened("raise-timeout", 60);
        shop.vote("raise-timeout", "carol", Decision.APPROVE, "approver");

        refused("contributor-vote", () -> shop.vote("raise-timeout", "ann", Decision.APPROVE, "approver"));
        refused("role-not-granted", () -> shop.vote("raise-timeout", "bob", Decision.APPROVE, "approver"));
        refused("grant-expired", () -> shop.vote("raise-timeout", "heidi", Decision.APPROVE, "approver"));
        refused(
                "unknown-key",
                () -> shop.vote("raise-timeout", "dave", Decision.APPROVE, "approver", Shop.key("stranger")));
        refused(
                "key-of-another",
                () -> shop.vote("raise-timeout", "dave", Decision.APPROVE, "approver", Shop.key("erin")));
        refused(
                "already-voted",
                () -> shop.vote("raise-timeout", "carol", Decision.APPROVE, "approver", Shop.key("carol-second")));
    }

    @Test
    void a_merged_change_is_rolled_back_by_one_granted_signature() {
        Change merged = shop.merged("raise-timeout", 60);
        Change rollback = shop.changes().rollback("raise-timeout", "frank");
        shop.vote(rollback.id().name(), "frank", Decision.ROLLBACK, "operator");

        shop.changes().merge(rollback.id().name());

        assertThat(shop.changes().get("raise-timeout").state()).isEqualTo(ChangeState.ROLLED_BACK);
        assertThat(shop.repository.snapshot(shop.changes().main()).find(Shop.SYSTEM))
                .isEqualTo(shop.repository.snapshot(merged.merged().before()).find(Shop.SYSTEM));
    }

    @Test
    void a_rollback_that_would_trample_a_later_change_is_refused_with_the_paths() {
        shop.merged("raise-timeout", 60);
        shop.merged("raise-more", 90);

        assertThatThrownBy(() -> shop.changes().rollback("raise-timeout", "frank"))
                .hasMessageContaining("rollback-would-trample")
                .hasMessageContaining(Shop.SYSTEM);
    }

    @Test
    void a_change_whose_row_a_crash_took_is_there_again_with_its_votes_and_its_merge() {
        long projected = shop.log().size();
        Change merged = shop.merged("taken", 45);

        Changes again = shop.restartWithStoreOf(projected);

        assertThat(again.get("taken").merged()).isEqualTo(merged.merged());
        assertThat(again.votes("taken")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "ann, true", // asks for it
        "bob, true", // opened it
        "frank, true", // may stop everything
        "carol, false", // may approve it
        "dave, false", // pushed a later revision
        "zoe, false"
    })
    void a_change_is_withdrawn_by_who_asked_for_it_opened_it_or_may_stop_everything(String person, boolean may) {
        shop.open(
                "bob",
                "longer",
                Map.of(Shop.SYSTEM, Shop.system("production", 40)),
                request -> request.replace("requester: bob", "requester: ann"));
        shop.changes()
                .revise(
                        "dave",
                        "longer",
                        new Opening("", Map.of(Shop.SYSTEM, Shop.write(Shop.system("production", 50)))));

        ThrowingCallable withdrawal = () -> shop.changes().withdraw("longer", person);

        if (may) {
            assertThatCode(withdrawal).doesNotThrowAnyException();
        } else {
            refused("not-yours", withdrawal);
        }
        assertThat(shop.changes().get("longer").state()).isEqualTo(may ? ChangeState.WITHDRAWN : ChangeState.REVIEW);
    }

    @Test
    void what_is_refused_uses_up_no_number() {
        for (String spoilt : List.of("kind: ChangeRequest", "requester: ann", "spec:", "name: refused")) {
            assertThatThrownBy(() -> shop.open(
                            "ann",
                            "refused",
                            Map.of(Shop.SYSTEM, Shop.system("production", 40)),
                            request -> request.replace(spoilt, "- }")))
                    .as(spoilt)
                    .isInstanceOf(Refusal.class);
        }

        assertThat(shop.opened("longer", 40).number()).isEqualTo(1);
    }

    @Test
    void who_could_stop_everything_until_a_while_ago_withdraws_nothing() {
        shop.opened("longer", 40);
        shop.now.set(Instant.parse("2028-01-01T00:00:00Z"));

        refused("not-yours", () -> shop.changes().withdraw("longer", "frank"));
    }

    @Test
    void what_concerns_everybody_is_told_after_a_crash_took_it_and_never_of_a_database_made_anew() {
        long projected = shop.log().size();
        shop.order("frank", StopOrder.Decision.STOP, "change-control", "Prices are wrong.");
        shop.revoke("carol", "carol", null);
        shop.order("frank", StopOrder.Decision.RESUME, "change-control", "They are right.");

        shop.restart(false, Faults.NONE);
        List<Event> told = shop.events.list(0, 10);
        shop.restartWithStoreOf(projected);
        List<Event> toldAgain = shop.events.list(0, 10);
        shop.restartWithStoreOf(0);

        assertThat(told)
                .extracting(Event::type)
                .containsExactly(EventType.EVERYTHING_STOPPED, EventType.KEY_REVOKED, EventType.EVERYTHING_RESUMED);
        assertThat(toldAgain).isEqualTo(told);
        assertThat(shop.events.list(0, 10)).isEmpty();
    }

    @Test
    void a_log_that_was_put_back_to_before_a_vote_is_believed_though_the_vote_was_not_settled_yet() throws IOException {
        shop.opened("waiting", 45);
        shop.vote("waiting", "carol", Decision.APPROVE, "approver");
        DataCopy.copy(shop.folder("log"), shop.folder("backup"));
        shop.soon = work -> {};
        shop.vote("waiting", "carol", Decision.WITHDRAW, "approver");
        shop.log().close();
        Disk.deleteFolder(shop.folder("log"));
        DataCopy.copy(shop.folder("backup"), shop.folder("log"));

        Changes again = shop.restart(false, Faults.NONE);

        assertThat(again.votes("waiting"))
                .extracting(vote -> vote.statement().decision())
                .containsExactly(Decision.APPROVE);
    }

    @Test
    void a_withdrawn_change_whose_row_a_crash_took_is_found_again_without_a_later_entry_of_the_log() {
        Change lost = shop.opened("lost", 45);
        shop.changes().withdraw("lost", "ann");

        Changes again = shop.restartWithStoreOf(shop.log().size());
        Change other = shop.open("bob", "readme", Map.of("README.md", "# Our shop\n"));

        assertThat(again.get("lost").state()).isEqualTo(ChangeState.WITHDRAWN);
        assertThat(again.get("lost").number()).isEqualTo(lost.number());
        assertThat(other.number()).isEqualTo(lost.number() + 1);
        assertThatThrownBy(() -> shop.opened("lost", 46)).hasMessageContaining("duplicate-name");
    }

    @Test
    void a_restart_without_the_database_gives_the_same_answers() {
        shop.opened("waiting", 45);
        shop.vote("waiting", "carol", Decision.APPROVE, "approver");
        shop.opened("withdrawn", 46);
        shop.changes().withdraw("withdrawn", "ann");
        shop.open("bob", "readme", Map.of("README.md", "# Our shop\n"));
        shop.vote("readme", "carol", Decision.APPROVE, "approver");
        shop.changes().merge("readme");
        shop.open("bob", "broken", Map.of(Shop.SYSTEM, Shop.system("nowhere", 5)));
        shop.opened("approved", 47);
        shop.approve("approved");
        var before = shop.changes().list(new ChangeStore.Query(null, null, 100));
        assertThat(before).extracting(Change::state).contains(ChangeState.DRAFT, ChangeState.APPROVED);

        Changes again = shop.restart(true, Faults.NONE);

        assertThat(again.list(new ChangeStore.Query(null, null, 100))).isEqualTo(before);
        assertThat(again.votes("waiting")).hasSize(1);
    }

    @Test
    void a_main_moved_by_hand_makes_the_server_read_only() {
        Change merged = shop.merged("raise-timeout", 60);
        shop.merged("raise-more", 90);
        shop.repository.moveRefs(java.util.List.of(new countersign.repository.Repository.RefMove(
                "refs/heads/main", shop.changes().main(), merged.merged().before())));

        refused("read-only", () -> shop.opened("next", 5));

        assertThat(shop.changes().readOnlyReason()).get().asString().contains("git update-ref");
    }

    @Test
    void a_change_after_which_too_few_could_sign_for_people_never_merges() {
        shop.open("ann", "end-grant", Map.of("access/grants/dave-approver.yaml", """
                apiVersion: countersign.dev/v1
                kind: RoleGrant
                metadata:
                  name: dave-approver
                spec: {person: dave, role: approver, notBefore: 2026-01-01T00:00:00Z, notAfter: 2026-11-25T00:00:00Z}
                """));
        shop.vote("end-grant", "carol", Decision.APPROVE, "approver");
        shop.vote("end-grant", "dave", Decision.APPROVE, "approver");

        refused("trust-quorum", () -> shop.changes().merge("end-grant"));
    }

    @Test
    void a_policy_that_does_not_compile_never_merges() {
        String policy = """
                apiVersion: countersign.dev/v1
                kind: Policy
                metadata:
                  name: broken
                spec:
                  description: Refers to a field that no change has.
                  match: {}
                  rules:
                    - {id: broken, expression: change.requestr == 'ann', message: never}
                  enforcement: {default: deny}
                  onError: deny
                """;

        Change opened = shop.open("ann", "add-policy", Map.of("policies/broken.yaml", policy));

        assertThat(opened.state()).isEqualTo(ChangeState.DRAFT);
        assertThat(shop.changes().preview("add-policy").findings().toString()).contains("requestr");
    }

    private static void refused(String rule, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo(rule));
    }
}
