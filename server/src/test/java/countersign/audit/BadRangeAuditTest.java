package countersign.audit;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.GateTaint;
import countersign.apply.record.InMemoryApplyLog;
import countersign.apply.record.MergedChange;
import countersign.audit.start.Memory;
import countersign.audit.start.StartingPoint;
import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.wish.BadMergesWish;
import countersign.codec.Finding;
import countersign.codec.Sha256;
import countersign.gate.GateRecord;
import countersign.gate.ServerFolder;
import countersign.gate.vote.Decision;
import countersign.git.GitRepository;
import countersign.log.Faults;
import countersign.log.LogEntry;
import countersign.merge.Preview;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.signing.git.GitSignatures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Merges that a recovery names bad, at the server and in its clones: 1 was good, 2 gave bob a role, 3 used it. */
final class BadRangeAuditTest {
    private static final String BOBS = "access/grants/bob-approver.yaml";

    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;

    @BeforeEach
    void merges() {
        shop.merged("raise-timeout", 60);
        shop.open("ann", "grant-bob", Map.of(BOBS, Shop.grant("bob", "approver")));
        shop.vote("grant-bob", "carol", Decision.APPROVE, "approver");
        shop.vote("grant-bob", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("grant-bob");
        shop.opened("evil-timeout", 666);
        byBobAnd("carol", "evil-timeout");
    }

    @Test
    void named_bad_they_are_taken_back_and_the_chain_verifies() throws Exception {
        recover(2, 3);

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(system()).contains("timeout: 60");
        assertThat(shop.repository.snapshot(shop.changes().main()).find(BOBS)).isEmpty();
        assertThat(shop.changes().get("evil-timeout").state()).isEqualTo(ChangeState.ROLLED_BACK);
        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.text())
                .contains("BAD: named bad by recovery #4")
                .contains("names merges 2 to 3 bad and goes on from")
                .contains("signed by recovery-1 (recovery)");
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
        assertThat(verdict.independent()).contains("#3 (log entry").contains("BAD: named by recovery #4");
    }

    @Test
    void a_bad_grant_that_a_later_merge_altered_is_taken_back_as_well() throws Exception {
        shop.open("ann", "longer", Map.of(BOBS, Shop.grant("bob", "approver").replace("2027-12-31", "2029-12-31")));
        shop.vote("longer", "carol", Decision.APPROVE, "approver");
        shop.vote("longer", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("longer");

        recover(2, 3);

        ClonedShop.Verdict verdict = cloned.verify();
        assertThat(shop.repository.snapshot(shop.changes().main()).find(BOBS)).isEmpty();
        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void what_was_merged_by_a_bad_grant_and_is_not_named_is_tainted() throws Exception {
        shop.open("ann", "readme", Map.of("README.md", "# Ours\n"));
        shop.vote("readme", "bob", Decision.APPROVE, "approver");
        shop.changes().merge("readme");
        recover(2, 3);

        ClonedShop.Verdict verdict = cloned.verify();
        recover(4, 4);
        ClonedShop.Verdict again = cloned.verify();

        assertThat(verdict.rules()).containsExactly("tainted-state");
        assertThat(verdict.text())
                .contains("README.md: stands as #4 2026-11-21/readme left it")
                .contains("all counts bob by " + BOBS + " as #2 2026-11-21/grant-bob left it");
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains("tainted-state").contains("README.md");
        assertThat(again.rules()).isEmpty();
        assertThat(again.independentlyGood()).as(again.independent()).isTrue();
    }

    @Test
    void a_vote_by_a_bad_grant_does_not_count_behind_the_recovery() {
        shop.open("ann", "later", Map.of("README.md", "# Ours\n"));
        shop.vote("later", "bob", Decision.APPROVE, "approver");
        recover(2, 3);

        assertThat(refusalOf(() -> shop.changes().merge("later")))
                .hasMessageContaining("needs 1 approver, has 0")
                .hasMessageContaining("bob (role-not-granted)");
    }

    @Test
    void a_grant_that_a_compromised_key_gave_taints_what_was_merged_by_it() throws Exception {
        shop.revoke("dave", "dave", 5L);

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).contains("tainted-state");
        assertThat(verdict.text())
                .contains("TAINTED: floor counts the compromised key")
                .contains("production counts bob by " + BOBS + " as #2 2026-11-21/grant-bob left it")
                .contains(Shop.SYSTEM + ": stands as #3 2026-11-21/evil-timeout left it");
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains(Shop.SYSTEM);
    }

    @Test
    void what_applies_merges_knows_the_same_taint() {
        GateTaint taint = taint();
        assertThat(taint.any()).isFalse();
        MergedChange evil = merge(3);

        Change recovery = recover(2, 3);

        assertThat(taint.of(merge(1))).isEmpty();
        assertThat(taint.of(merge(2))).containsExactly("named bad by recovery #4");
        assertThat(taint.of(evil)).containsExactly("named bad by recovery #4");
        assertThat(taint.of(merge(4))).isEmpty();
        Sha256 bad = evil.units().get(0).state().after();
        Sha256 good = merge(4).units().get(0).state().after();
        assertThat(taint.find(log(), evil.units().get(0).unit(), bad)).isPresent();
        assertThat(taint.find(log(), evil.units().get(0).unit(), good)).isEmpty();
        assertThat(merge(4).change()).isEqualTo(recovery.id());
    }

    @Test
    void what_applies_merges_follows_the_grants_of_compromised_keys() {
        GateTaint taint = taint();

        shop.revoke("dave", "dave", 0L);

        assertThat(taint.of(merge(2)).toString()).contains("floor counts the compromised key");
        assertThat(taint.of(merge(3)).toString())
                .contains("production counts bob by " + BOBS + " as #2 2026-11-21/grant-bob left it");
    }

    @Test
    void a_server_that_starts_again_knows_what_is_bad() {
        recover(2, 3);

        shop.restart(false, Faults.NONE);
        assertThat(taint().of(merge(3))).containsExactly("named bad by recovery #4");
        shop.restart(true, Faults.NONE);
        assertThat(taint().of(merge(3))).containsExactly("named bad by recovery #4");
        assertThat(shop.changes().get("evil-timeout").state()).isEqualTo(ChangeState.ROLLED_BACK);
    }

    @Test
    void a_merge_that_a_lying_server_forged_is_walked_over_once_it_is_named() throws Exception {
        forge("forged", 999);
        ClonedShop.Verdict forged = cloned.verify();

        recover(2, 4);
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(forged.rules()).contains("requirement-unmet");
        assertThat(forged.independentlyGood()).isFalse();
        assertThat(system()).contains("timeout: 60");
        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.text()).contains("BAD: named bad by recovery #5; by itself refused: requirement-unmet");
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void a_forged_merge_with_another_content_than_its_entry_says_stays_refused() throws Exception {
        Sha256 other = shop.repository.snapshot(cloned.genesis()).contentRoot();
        forge("forged", 999, other);
        recover(2, 4);

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).contains("content-root");
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains("FAIL  #4 (log entry").contains("content root");
    }

    @Test
    void a_verification_that_began_behind_the_bad_merges_says_so() throws Exception {
        Memory memory;
        try (Repository clone = GitRepository.openForReading(cloned.fresh())) {
            memory = new CloneAudit(clone)
                    .verify(new StartingPoint.Genesis(cloned.genesis(), null), CloneAudit.Depth.CHAIN, line -> {})
                    .memory()
                    .orElseThrow();
        }
        recover(2, 3);

        List<AuditLine> lines = new ArrayList<>();
        try (Repository clone = GitRepository.openForReading(cloned.fresh())) {
            new CloneAudit(clone).verify(new StartingPoint.Remembered(memory), lines::add);
        }

        assertThat(lines.stream().flatMap(line -> line.findings().stream()).map(Finding::rule))
                .containsExactly("bad-before-start");
    }

    private Change recover(long from, long to) {
        Change opened = open("take-back-" + from + "-" + to, from, to);
        String name = opened.id().name();
        shop.vote(name, "recovery-1", Decision.APPROVE, "recovery", Shop.key("recovery"));
        return shop.changes().merge(name);
    }

    private Change open(String name, long from, long to) {
        return shop.changes().recover(new BadMergesWish(name, "Take back", "They are bad.", from, to), "ann");
    }

    private void byBobAnd(String other, String name) {
        shop.vote(name, "bob", Decision.APPROVE, "approver");
        shop.vote(name, other, Decision.APPROVE, "approver");
        shop.vote(name, "erin", Decision.APPROVE, "security");
        shop.changes().merge(name);
    }

    /** What a server writes that merges a change which nobody signed. */
    private void forge(String name, int timeout, Sha256... contentRoot) {
        shop.opened(name, timeout);
        Preview preview = shop.changes().preview(name);
        GateRecord open = shop.changes().gate(name).record();
        GateRecord lie = new GateRecord(
                open.engine(),
                open.manifest(),
                open.change(),
                shop.now.get(),
                List.of(),
                open.contributors(),
                open.policies());
        Map<String, Edit> edits = new HashMap<>(preview.recipe().edits());
        ServerFolder.files(preview.requireManifest(), lie, List.of())
                .forEach((path, bytes) -> edits.put(path, new Edit.Write(FileMode.REGULAR, bytes)));
        String main = shop.changes().main();
        Commit.Identity server = new Commit.Identity("Countersign", "server@countersign.invalid", shop.now.get());
        String commit = shop.repository.commit(
                new CommitDraft(
                        shop.repository.edit(preview.recipe().tree(), edits),
                        List.of(main, preview.tip()),
                        server,
                        server,
                        "Merge\n"),
                payload -> GitSignatures.armored(payload, shop.serverKey));
        shop.log()
                .append(new LogEntry.Merge(
                        shop.merges.size() + 1,
                        main,
                        commit,
                        contentRoot.length > 0
                                ? contentRoot[0]
                                : shop.repository.snapshot(commit).contentRoot(),
                        preview.requireManifest().digest(),
                        Sha256.of(lie.bytes()),
                        shop.now.get()));
        shop.repository.moveRefs(List.of(new Repository.RefMove(Repository.MAIN, main, commit)));
        shop.restart(false, Faults.NONE);
    }

    private GateTaint taint() {
        return new GateTaint(shop.repository, log(), shop.changes().keys()::present, shop.changes()::badMerges);
    }

    private InMemoryApplyLog log() {
        InMemoryApplyLog log = new InMemoryApplyLog();
        shop.merges.forEach(merge -> log.add(merged(merge)));
        return log;
    }

    private MergedChange merge(int seq) {
        return merged(shop.merges.get(seq - 1));
    }

    private MergedChange merged(LogEntry.Merge merge) {
        return MergedChange.of(merge, shop.changes().manifestOf(merge));
    }

    private String system() {
        byte[] bytes = shop.repository.snapshot(shop.changes().main()).read(Shop.SYSTEM, 1 << 20);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
}
