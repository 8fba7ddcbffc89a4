package countersign.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.change.wish.Opening;
import countersign.codec.Refusal;
import countersign.history.Fact.About;
import countersign.merge.Merged;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class HistoryTest {
    private static final String TEST_SYSTEM = "systems/checkout/checkout-test.yaml";
    private static final HistoryQuery ALL = HistoryQuery.everything(50);

    @AutoClose
    private final Shop shop = Shop.open();

    private final HistoryStore store = new InMemoryHistoryStore();
    private final History history = new History(parts(store));

    @Test
    void a_merge_is_found_by_all_that_it_touched_and_all_who_took_part() {
        Change change = shop.merged("raise-timeout", 60);

        for (Fact fact : List.of(
                new Fact(About.PATH, Shop.SYSTEM),
                new Fact(About.PATH, change.id().document()),
                Fact.document("SystemConfig/checkout-production"),
                Fact.document("ChangeRequest/raise-timeout"),
                new Fact(About.SYSTEM, "checkout-production"),
                new Fact(About.TARGET, "web-production"),
                new Fact(About.ENVIRONMENT, "production"),
                new Fact(About.CLASSIFICATION, "public"),
                new Fact(About.PERSON, "ann"),
                new Fact(About.PERSON, "carol"),
                new Fact(About.PERSON, "dave"),
                new Fact(About.PERSON, "erin"))) {
            assertThat(names(ALL.with(fact))).as(fact.toString()).containsExactly("raise-timeout");
        }
        for (Fact fact : List.of(
                new Fact(About.PATH, TEST_SYSTEM),
                new Fact(About.ENVIRONMENT, "test"),
                new Fact(About.PERSON, "frank"),
                new Fact(About.KEY, "checkout"))) {
            assertThat(names(ALL.with(fact))).as(fact.toString()).isEmpty();
        }
    }

    @Test
    void the_entry_of_a_key_is_found_by_its_name() {
        merge("add-key", Map.of("keys/tls.yaml", key("state: active")));
        merge(
                "retire-key",
                Map.of("keys/tls.yaml", key("state: deactivated, deactivated: 2026-11-20, stateReason: replaced")));

        assertThat(names(ALL.with(new Fact(About.KEY, "tls")))).containsExactly("retire-key", "add-key");
        assertThat(names(ALL.with(new Fact(About.CLASSIFICATION, "secret")))).hasSize(2);
    }

    @Test
    void conditions_add_up_and_times_include_both_ends() {
        Instant first = shop.now.get();
        shop.merged("first", 60);
        shop.now.set(first.plusSeconds(60));
        shop.merged("second", 61);
        shop.now.set(first.plusSeconds(120));
        merge("third", Map.of(TEST_SYSTEM, Shop.system("test", 7)));

        Fact production = new Fact(About.ENVIRONMENT, "production");
        assertThat(names(ALL)).containsExactly("third", "second", "first");
        assertThat(names(ALL.with(production).with(new Fact(About.PERSON, "erin"))))
                .containsExactly("second", "first");
        assertThat(names(ALL.with(production).with(new Fact(About.ENVIRONMENT, "test"))))
                .isEmpty();
        assertThat(names(ALL.between(first.plusSeconds(60), null))).containsExactly("third", "second");
        assertThat(names(ALL.between(null, first.plusSeconds(60)))).containsExactly("second", "first");
        assertThat(names(ALL.between(first.plusSeconds(61), first.plusSeconds(119))))
                .isEmpty();
    }

    @Test
    void words_are_found_in_english_and_chinese_and_the_last_may_be_only_begun() {
        merge("cache", "提高缓存", Map.of(TEST_SYSTEM, Shop.system("test", 7)));
        shop.merged("raise-timeout", 60);

        assertThat(search("PAYMENTS time")).hasSize(2);
        assertThat(search("payments tim")).containsExactly("raise-timeout", "cache");
        assertThat(search("paym time ")).isEmpty();
        assertThat(search("production erin")).containsExactly("raise-timeout");
        assertThat(search("checkout-test")).containsExactly("cache");
        assertThat(search("缓存")).containsExactly("cache");
        assertThat(search("提高缓存")).containsExactly("cache");
        assertThat(search("缓")).containsExactly("cache");
        assertThat(search("缓提")).isEmpty();
        assertThat(search("nowhere")).isEmpty();
    }

    @Test
    void a_search_that_costs_too_much_is_refused_and_says_what_to_do() {
        assertThat(refusal("x".repeat(201)).rule()).isEqualTo("search-too-long");
        assertThat(refusal("a b ".repeat(20)).rule()).isEqualTo("search-too-long");
        assertThat(refusal(" -- ").rule()).isEqualTo("nothing-to-search");
        List<IndexedMerge> many = new ArrayList<>();
        shop.merged("one", 60);
        history.catchUp(() -> true);
        PastMerge merge = store.latest(Instant.MAX).orElseThrow();
        Set<Fact> words = new HashSet<>();
        for (int i = 0; i < 201; i++) {
            words.add(Fact.word("xy" + i));
        }
        many.add(new IndexedMerge(merge, words));
        store.advance(store.indexed(), shop.log().size(), many);

        assertThat(refusal("xy").rule()).isEqualTo("search-too-broad");
        assertThat(search("xy ")).isEmpty();
        assertThat(search("xy12")).hasSize(1);
    }

    @Test
    void pages_lose_and_double_nothing_while_merges_go_on() {
        for (int i = 0; i < 7; i++) {
            shop.merged("change-" + i, 60 + i);
        }
        List<String> seen = new ArrayList<>();
        HistoryQuery query = HistoryQuery.everything(3).with(new Fact(About.SYSTEM, "checkout-production"));

        History.Page page = history.list(query);
        int later = 100;
        while (true) {
            page.items().forEach(merge -> seen.add(merge.change().name()));
            if (page.next() == null) {
                break;
            }
            shop.merged("later-" + later, later++);
            page = history.list(query.before(page.next()));
        }

        assertThat(seen)
                .containsExactly("change-6", "change-5", "change-4", "change-3", "change-2", "change-1", "change-0");
    }

    @Test
    void what_is_rebuilt_from_nothing_is_what_was_followed_step_by_step() {
        long seed = 20261121;
        Random random = new Random(seed);
        for (int i = 0; i < 12; i++) {
            step(random, i);
            if (random.nextBoolean()) {
                history.catchUp(() -> true);
            }
        }
        history.catchUp(() -> true);

        HistoryStore rebuilt = new InMemoryHistoryStore();
        new History(parts(rebuilt)).catchUp(() -> true);

        List<PastMerge> all = store.merges(range(20));
        assertThat(all).as("seed " + seed).hasSizeGreaterThan(5);
        assertThat(rebuilt.merges(range(20))).isEqualTo(all);
        assertThat(rebuilt.words("", 10_000)).isEqualTo(store.words("", 10_000)).hasSizeGreaterThan(20);
        for (Fact fact : facts(rebuilt)) {
            assertThat(rebuilt.postings(fact, Long.MAX_VALUE, 100))
                    .as(fact + ", seed " + seed)
                    .isEqualTo(store.postings(fact, Long.MAX_VALUE, 100));
        }
    }

    @Test
    void a_store_that_saw_more_than_the_log_has_starts_over() {
        shop.merged("raise-timeout", 60);
        store.advance(0, 1_000, List.of());

        assertThat(names(ALL)).containsExactly("raise-timeout");
    }

    @Test
    void a_store_that_another_server_moved_on_is_followed() {
        shop.merged("first", 60);
        history.catchUp(() -> true);
        shop.merged("second", 61);
        new History(parts(store)).catchUp(() -> true);
        shop.merged("third", 62);

        assertThat(names(ALL)).containsExactly("third", "second", "first");
    }

    @Test
    void a_path_leads_to_its_last_change_and_that_to_its_signatures() {
        shop.merged("first", 60);
        shop.merged("second", 61);
        PastTrees past = new PastTrees(history, parts(store));

        Blame blame = past.blame(Shop.SYSTEM);

        assertThat(blame.merge().change().name()).isEqualTo("second");
        assertThat(blame.before()).isNotNull().isNotEqualTo(blame.after());
        assertThat(blame.signatures()).extracting(Blame.Signature::person).containsExactly("carol", "dave", "erin");
        assertThat(blame.signatures().get(2)).satisfies(signature -> {
            assertThat(signature.role()).isEqualTo("security");
            assertThat(signature.decision()).isEqualTo("approve");
            assertThat(signature.reason()).isEqualTo("seen");
            assertThat(signature.key()).isEqualTo(Shop.key("erin").publicKey().fingerprint());
            assertThat(signature.grant()).isEqualTo("access/grants/erin-security.yaml");
            assertThat(signature.rules()).contains("production");
        });
        Refusal untouched = catchThrowableOfType(Refusal.class, () -> past.blame("README.md"));
        assertThat(untouched.rule()).isEqualTo("no-such-history");
    }

    @Test
    void a_time_has_the_tree_of_the_last_merge_before_it() {
        Instant start = shop.now.get();
        shop.now.set(start.plusSeconds(60));
        Merged merged = shop.merged("raise-timeout", 60).merged();
        PastTrees past = new PastTrees(history, parts(store));

        Moment before = past.at(start.plusSeconds(59));
        Moment after = past.at(start.plusSeconds(60));

        assertThat(after.commit()).isEqualTo(merged.commit());
        assertThat(after.contentRoot()).isEqualTo(past.snapshot(after).contentRoot());
        assertThat(before.commit()).isEqualTo(merged.before());
        assertThat(before.index()).isZero();
        assertThat(before.contentRoot()).isEqualTo(past.snapshot(before).contentRoot());
        Refusal early = catchThrowableOfType(Refusal.class, () -> past.at(start.minusSeconds(1)));
        assertThat(early.rule()).isEqualTo("no-such-time");
    }

    @Test
    void who_could_approve_follows_rules_grants_and_keys_of_the_time() {
        Instant start = shop.now.get();
        PastTrees past = new PastTrees(history, parts(store));

        Approvers production = past.approvers(Shop.SYSTEM, start);
        Approvers test = past.approvers(TEST_SYSTEM, start);
        shop.now.set(start.plusSeconds(10));
        shop.revoke("dave", "dave", null);
        Approvers revoked = past.approvers(Shop.SYSTEM, start.plusSeconds(10));
        Approvers earlier = past.approvers(Shop.SYSTEM, start.plusSeconds(9));
        Approvers expired = past.approvers(Shop.SYSTEM, Instant.parse("2028-01-01T00:00:00Z"));

        assertThat(production.rules()).extracting(rule -> rule.rule().name()).containsExactly("all", "production");
        assertThat(test.rules()).extracting(rule -> rule.rule().name()).containsExactly("all");
        assertThat(holders(production, "approver")).containsExactly("carol", "dave");
        assertThat(holders(production, "security")).containsExactly("erin");
        assertThat(holders(revoked, "approver")).containsExactly("carol");
        assertThat(holders(earlier, "approver")).containsExactly("carol", "dave");
        assertThat(holders(expired, "approver")).isEmpty();
        assertThat(past.approvers("access/people/ann.yaml", start).floor()).isEqualTo(2);
        assertThat(production.floor()).isEqualTo(1);
    }

    private static List<String> holders(Approvers approvers, String role) {
        return approvers.rules().get(approvers.rules().size() - 1).roles().stream()
                .filter(each -> each.role().equals(role))
                .flatMap(each -> each.holders().stream())
                .map(Approvers.Holder::person)
                .toList();
    }

    /** Some change of the shop: a merge, a vote that stays alone, or a rollback. */
    private void step(Random random, int step) {
        switch (random.nextInt(4)) {
            case 0 -> shop.opened("waiting-" + step, 1_000 + step);
            case 1 -> merge("test-" + step, Map.of(TEST_SYSTEM, Shop.system("test", 2_000 + step)));
            case 2 -> merge("note-" + step, Map.of("notes/" + step + ".md", "Note " + random.nextInt()));
            default -> shop.merged("production-" + step, 3_000 + step);
        }
        shop.now.set(shop.now.get().plusSeconds(random.nextInt(100)));
    }

    private List<Fact> facts(HistoryStore of) {
        List<Fact> facts = new ArrayList<>();
        of.words("", 10_000).forEach(word -> facts.add(Fact.word(word)));
        for (String person : List.of("ann", "bob", "carol", "dave", "erin")) {
            facts.add(new Fact(About.PERSON, person));
        }
        for (String environment : List.of("test", "production")) {
            facts.add(new Fact(About.ENVIRONMENT, environment));
            facts.add(new Fact(About.SYSTEM, "checkout-" + environment));
            facts.add(new Fact(About.TARGET, "web-" + environment));
        }
        facts.add(new Fact(About.PATH, Shop.SYSTEM));
        facts.add(new Fact(About.PATH, TEST_SYSTEM));
        return facts;
    }

    private static List<Long> range(long to) {
        return LongStream.rangeClosed(1, to).boxed().toList();
    }

    private void merge(String name, Map<String, String> files) {
        shop.open("ann", name, files);
        shop.approve(name);
        shop.changes().merge(name);
    }

    /** The same with another title of the request. */
    private void merge(String name, String title, Map<String, String> files) {
        Opening opening = Shop.opening("ann", name, files);
        Map<String, Edit> edits = new HashMap<>(opening.edits());
        edits.computeIfPresent("changes/" + Shop.DAY + "/" + name + ".yaml", (path, edit) -> titled(edit, title));
        shop.changes().open("ann", new Opening(opening.message(), edits));
        shop.approve(name);
        shop.changes().merge(name);
    }

    private static Edit titled(Edit edit, String title) {
        String request = new String(((Edit.Write) edit).bytes(), StandardCharsets.UTF_8);
        String renamed = request.replace("Give checkout another time-out", title);
        assertThat(renamed).isNotEqualTo(request);
        return new Edit.Write(FileMode.REGULAR, renamed.getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String state) {
        return """
                apiVersion: countersign.dev/v1
                kind: KeyInventory
                metadata: {name: tls}
                spec:
                  type: key-pair
                  algorithm: ECDSA-P256
                  purpose: TLS of the shop
                  environment: production
                  classification: secret
                  owner: {unit: shop, person: ann}
                  custodians: [ann, bob]
                  created: 2026-02-03
                  activated: 2026-02-10
                  protectStop: 2027-02-10
                  processStop: 2027-02-10
                  storedIn: {mechanism: HSM, location: rack P1}
                  usedBy: [checkout-production]
                  %s
                """.formatted(state.replace(", ", "\n  "));
    }

    private List<String> search(String text) {
        return names(ALL.searching(text));
    }

    private Refusal refusal(String text) {
        return catchThrowableOfType(Refusal.class, () -> history.list(ALL.searching(text)));
    }

    private List<String> names(HistoryQuery query) {
        return history.list(query).items().stream()
                .map(merge -> merge.change().name())
                .toList();
    }

    private History.Parts parts(HistoryStore into) {
        return new History.Parts(
                shop.repository,
                shop.log(),
                into,
                shop.documents,
                shop.trusts,
                () -> shop.changes().keys().revoked());
    }
}
