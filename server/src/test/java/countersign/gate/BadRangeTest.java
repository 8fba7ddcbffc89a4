package countersign.gate;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Refusal;
import countersign.gate.circumstance.Chain;
import countersign.gate.circumstance.Circumstances;
import countersign.manifest.ChangeId;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recovery keys name merges bad: 1 was good, 2 and 3 are bad, 4 came after them. */
class BadRangeTest {
    private static final String STOREFRONT = "systems/storefront/storefront-test.yaml";
    private static final String CHECKOUT = "systems/checkout/checkout-test.yaml";
    private static final String GRANT = "access/grants/ann-approver.yaml";
    private static final String SETTINGS = threeKeys(ShopFiles.settings());

    private final Shop shop = shop().with("countersign.yaml", SETTINGS);
    private String head = "";
    private ChangeId bad = new ChangeId("2026-11-21", "bad-port");

    @BeforeEach
    void merges() {
        normal("good-port")
                .touching(STOREFRONT, ShopFiles.storefront("test", 8090))
                .merge()
                .land();
        head = shop.main();
        bad = normal("bad-port")
                .touching(STOREFRONT, ShopFiles.storefront("test", 6666))
                .merge()
                .land();
        normal("bad-grant")
                .touching(GRANT, ShopFiles.grant("ann-approver", "ann", "approver", "{}"))
                .merge()
                .land();
        normal("later").touching("README.md", "# Later\n").merge().land();
    }

    @Test
    void a_quorum_takes_the_bad_merges_back_and_keeps_the_later_one() {
        MergeDraft merge = signed(takingBack(2, 3, STOREFRONT, GRANT)).merge();

        merge.land();

        assertThat(merge.gate().requirements()).extracting(Requirement::rule).containsExactly("recovery-quorum");
        assertThat(shop.text(STOREFRONT)).contains("8090");
        assertThat(shop.text("README.md")).isEqualTo("# Later\n");
        assertThat(shop.before().find(GRANT)).isEmpty();
        assertThat(shop.before().find("changes/2026-11-21/bad-port/gate.json")).isPresent();
    }

    @Test
    void what_it_names_is_in_the_manifest_and_in_what_is_signed() {
        ProposedChange change = signed(takingBack(2, 3, STOREFRONT, GRANT));
        String named = "\"recovery\":{\"bad\":{\"from\":2,\"to\":3},\"head\":{\"commit\":\"" + head
                + "\",\"contentRoot\":\"" + root(head) + "\"}}";

        MergeDraft merge = change.merge();

        assertThat(new String(change.manifest().bytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains(named);
        assertThat(merge.scene().votes().get(0).bytes())
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .contains(named);
    }

    @Test
    void it_may_change_access_and_the_servers_keys_as_well() {
        MergeDraft merge = signed(takingBack(2, 3, STOREFRONT, GRANT)
                        .touching("access/people/carol.yaml", ShopFiles.person("carol", "carol-new"))
                        .touching("countersign.yaml", SETTINGS.replace(line("server"), line("server-new"))))
                .merge()
                .signedBy("server-new");

        assertThat(merge.verify().gate().open()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2, 5", "4, 9", "6, 6"})
    void merges_that_are_not_before_it_are_not_bad(long from, long to) {
        MergeDraft merge = signed(naming(from, to, head, root(head))).merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("recovery-range");
    }

    @Test
    void a_range_that_is_none_is_refused() {
        ProposedChange change = naming(3, 2, head, root(head));

        assertThat(refusalOf(change::manifest).rule()).isEqualTo("recovery-range");
    }

    @Test
    void another_head_than_that_before_the_first_bad_merge_is_refused() {
        MergeDraft merge =
                signed(naming(3, 3, head, root(head)).removing(GRANT)).merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("recovery-head");
    }

    @Test
    void another_content_root_of_the_head_is_refused() {
        MergeDraft merge = signed(restoring(naming(2, 3, head, root(shop.main())), STOREFRONT, GRANT))
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("recovery-head");
    }

    @Test
    void a_path_that_is_not_as_the_head_has_it_is_refused() {
        MergeDraft other = signed(takingBack(2, 3, GRANT).touching(STOREFRONT, ShopFiles.storefront("test", 7777)))
                .merge();
        MergeDraft untouched = signed(takingBack(2, 3, GRANT)).merge();

        assertThat(refusalOf(other::verify).rule()).isEqualTo("recovery-content");
        assertThat(refusalOf(untouched::verify)).hasMessageContaining(STOREFRONT);
    }

    @ParameterizedTest
    @ValueSource(strings = {CHECKOUT, "README.md", "policies/approve-trust.yaml"})
    void a_path_that_the_bad_merges_left_alone_is_refused(String path) {
        MergeDraft merge =
                signed(takingBack(2, 3, STOREFRONT, GRANT).removing(path)).merge();

        Refusal refusal = refusalOf(merge::verify);
        assertThat(refusal.rule()).isEqualTo("recovery-scope");
        assertThat(refusal).hasMessageContaining(path);
    }

    @Test
    void a_grant_that_stands_as_the_bad_merges_left_it_is_refused() {
        MergeDraft merge = signed(takingBack(2, 3, STOREFRONT)).merge();

        Refusal refusal = refusalOf(merge::verify);
        assertThat(refusal.rule()).isEqualTo("recovery-leaves-bad");
        assertThat(refusal).hasMessageContaining(GRANT);
    }

    @Test
    void a_grant_that_a_later_merge_made_of_a_bad_one_has_to_be_decided_about() {
        String longer = ShopFiles.grant("ann-approver", "ann", "approver", "{}").replace("2027-01-01", "2029-01-01");
        normal("longer-grant").touching(GRANT, longer).merge().land();
        MergeDraft untouched = signed(takingBack(2, 3, STOREFRONT)).merge();

        assertThat(refusalOf(untouched::verify).rule()).isEqualTo("recovery-leaves-bad");
        signed(takingBack(2, 3, STOREFRONT, GRANT)).merge().land();
        assertThat(shop.before().find(GRANT)).isEmpty();
    }

    @Test
    void everything_since_genesis_is_taken_back() {
        head = shop.repository().getCommit(head).parents().get(0);

        signed(takingBack(1, 4, STOREFRONT, GRANT, "README.md")).merge().land();

        assertThat(shop.text(STOREFRONT)).contains("8080");
        assertThat(shop.text("README.md")).isEqualTo("# Lantern Tea\n");
    }

    @Test
    void a_chain_that_is_shorter_than_its_numbers_say_is_refused() {
        MergeEvidence evidence =
                signed(takingBack(2, 3, STOREFRONT, GRANT)).merge().evidence();
        MergeEvidence longer = new MergeEvidence(
                evidence.before(),
                evidence.after(),
                evidence.entry(),
                evidence.index(),
                evidence.commit(),
                evidence.proposed(),
                evidence.votes(),
                evidence.revokedKeys(),
                new Circumstances(List.of(), new Chain(shop.repository(), shop.main(), 99)));

        assertThat(refusalOf(() -> shop.verifier().verify(longer)).rule()).isEqualTo("recovery-range");
    }

    @Test
    void what_a_later_merge_built_on_the_bad_ones_is_a_conflict() {
        normal("on-top")
                .touching(STOREFRONT, ShopFiles.storefront("test", 6667))
                .merge()
                .land();
        MergeDraft narrow = signed(takingBack(2, 3, STOREFRONT, GRANT)).merge();

        assertThat(refusalOf(narrow::verify).rule()).isEqualTo("recovery-conflict");
        signed(takingBack(2, 5, STOREFRONT, GRANT, "README.md")).merge().land();
        assertThat(shop.text(STOREFRONT)).contains("8090");
    }

    @Test
    void what_a_later_merge_put_back_already_stays() {
        normal("put-back")
                .touching(STOREFRONT, ShopFiles.storefront("test", 8090))
                .merge()
                .land();

        signed(takingBack(2, 3, GRANT)).merge().land();

        assertThat(shop.text(STOREFRONT)).contains("8090");
    }

    @Test
    void more_of_the_trust_root_than_the_servers_keys_is_not_changed() {
        MergeDraft merge = signed(takingBack(2, 3, STOREFRONT, GRANT)
                        .touching("countersign.yaml", SETTINGS.replace("threshold: 2", "threshold: 1")))
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("recovery-content");
    }

    @Test
    void recovery_keys_that_bad_merges_brought_name_nothing() {
        String swapped = SETTINGS.replace(line("vault"), line("thief")).replace("threshold: 2", "threshold: 1");
        normal("bad-root").touching("countersign.yaml", swapped).merge().land();
        MergeDraft thief = takingBack(2, 5, STOREFRONT, GRANT, "README.md", "countersign.yaml")
                .vote(by(1, "thief"))
                .merge();
        MergeDraft quorum = takingBack(2, 5, STOREFRONT, GRANT, "README.md", "countersign.yaml")
                .vote(by(2, "vault-2"))
                .vote(by(3, "vault-3"))
                .merge();

        assertThat(refusalOf(thief::verify)).hasMessageContaining("needs 2 recovery key(s), has 0");
        quorum.land();
        assertThat(shop.text("countersign.yaml")).isEqualTo(SETTINGS);
    }

    @Test
    void recovery_keys_that_were_replaced_since_name_nothing() {
        String swapped = SETTINGS.replace(line("vault"), line("vault-new"));
        normal("new-vault").touching("countersign.yaml", swapped).merge().land();
        MergeDraft merge = takingBack(2, 5, STOREFRONT, GRANT, "README.md", "countersign.yaml")
                .vote(by(1, "vault"))
                .vote(by(2, "vault-2"))
                .merge();

        assertThat(refusalOf(merge::verify))
                .hasMessageContaining("needs 2 recovery key(s), has 1 (recovery-2)")
                .hasMessageContaining("recovery-1 (not-a-recovery-key)");
    }

    @Test
    void people_do_not_name_merges_bad() {
        MergeDraft merge = takingBack(2, 3, STOREFRONT, GRANT)
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("needs 2 recovery key(s), has 0");
    }

    @Test
    void a_statement_that_says_nothing_of_the_bad_merges_does_not_count() {
        MergeDraft merge = takingBack(2, 3, STOREFRONT, GRANT)
                .vote(by(1, "vault"))
                .vote(by(2, "vault-2")
                        .about(effect -> new countersign.gate.vote.Statement.Effect(
                                effect.manifest(),
                                effect.repository(),
                                effect.log(),
                                effect.change(),
                                effect.title(),
                                effect.operation(),
                                effect.targets(),
                                effect.paths())))
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("recovery-2 (statement-misdescribes)");
    }

    @Test
    void no_other_change_names_bad_merges() {
        ProposedChange change = shop.change("plain").requesting(range(2, 3, head, root(head)));

        assertThat(refusalOf(change::manifest).rule()).isEqualTo("range-without-recovery");
    }

    @Test
    void a_recovery_is_not_rolled_back() {
        String before = shop.main();
        ChangeId recovery = signed(takingBack(2, 3, STOREFRONT, GRANT)).merge().land();
        MergeDraft back = shop.change("rollback-20261121-recovery")
                .takingBack(recovery, before, STOREFRONT)
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .merge();

        assertThat(refusalOf(back::verify).rule()).isEqualTo("rollback-of-recovery");
    }

    @Test
    void a_bad_merge_is_not_rolled_back_once_it_is_taken_back() {
        signed(takingBack(2, 3, STOREFRONT, GRANT)).merge().land();
        MergeDraft back = shop.change("rollback-20261121-bad-port")
                .takingBack(bad, head, STOREFRONT)
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(back::verify).rule()).isEqualTo("rollback-would-trample");
    }

    @Test
    void a_vote_by_a_grant_of_a_bad_merge_counts_no_more() {
        signed(takingBack(2, 3, STOREFRONT, GRANT)).merge().land();
        MergeDraft merge = shop.change("after")
                .by("bob")
                .touching("README.md", "# After\n")
                .approvedBy("ann", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("ann (role-not-granted)");
    }

    private ProposedChange normal(String name) {
        return shop.change(name).approvedBy("carol", "approver").approvedBy("dave", "approver");
    }

    private ProposedChange takingBack(long from, long to, String... paths) {
        return restoring(naming(from, to, head, root(head)), paths);
    }

    private ProposedChange naming(long from, long to, String commit, String contentRoot) {
        return shop.change("recovery")
                .requesting("operation: recover")
                .requesting(range(from, to, commit, contentRoot));
    }

    private ProposedChange restoring(ProposedChange change, String... paths) {
        Snapshot old = shop.repository().snapshot(head);
        for (String path : paths) {
            change.editing(
                    path,
                    old.find(path)
                            .<Edit>map(entry ->
                                    new Edit.Link(FileMode.find(entry.rawMode()).orElseThrow(), entry.id()))
                            .orElseGet(Edit.Delete::new));
        }
        return change;
    }

    private static ProposedChange signed(ProposedChange change) {
        return change.vote(by(1, "vault")).vote(by(2, "vault-2"));
    }

    private static String range(long from, long to, String commit, String contentRoot) {
        return "recovery: {bad: {from: " + from + ", to: " + to + "}, head: {commit: \"" + commit
                + "\", contentRoot: \"" + contentRoot + "\"}}";
    }

    private String root(String commit) {
        return shop.repository().snapshot(commit).contentRoot().hex();
    }

    private static VoteDraft by(int place, String key) {
        return VoteDraft.approval("recovery-" + place, "recovery").signedWith(key);
    }

    private static String threeKeys(String settings) {
        String one = "      - " + line("vault") + "\n";
        return settings.replace("threshold: 1", "threshold: 2")
                .replace(one, one + "      - " + line("vault-2") + "\n      - " + line("vault-3") + "\n");
    }

    private static String line(String key) {
        return Keys.of(key).publicKey().line();
    }
}
