package countersign.gate;

import static countersign.gate.Shop.shop;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import countersign.codec.Refusal;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What holds for any rules, grants and votes. Set the system property {@code gate.seed} to repeat a run. */
class GatePropertyTest {
    private static final String TEST = "systems/storefront/storefront-test.yaml";
    private static final String PRODUCTION = "systems/storefront/storefront-production.yaml";
    private static final List<String> PEOPLE = List.of("ann", "bob", "carol", "dave", "erin");
    private static final List<String> ROLES = List.of("approver", "security", "change-control");
    private static final List<String> PREFIXES = List.of("", "", "systems/", "access/", "README.md", "changes/");
    private static final List<NaiveGate.Path> PATHS = List.of(
            new NaiveGate.Path(TEST, Set.of("test"), false),
            new NaiveGate.Path(PRODUCTION, Set.of("production"), false),
            new NaiveGate.Path("systems/storefront/files/banner.html", Set.of("test", "production"), false),
            new NaiveGate.Path("README.md", Set.of(), false),
            new NaiveGate.Path("access/people/grace.yaml", Set.of(), true));
    private static final NaiveGate.Path REQUEST = new NaiveGate.Path("changes/2026-11-21/any.yaml", Set.of(), false);

    private final long seed = Long.getLong("gate.seed", 20_261_121L);
    private final Random random = new Random(seed);

    @Test
    void the_gate_decides_as_a_plain_reading_of_the_rules_does() {
        int admitted = 0;
        for (int round = 0; round < 250; round++) {
            NaiveGate.Case drawn = draw();

            boolean open = open(requirements(scene(drawn, List.of())));

            assertThat(open).as("seed %d, round %d: %s", seed, round, drawn).isEqualTo(NaiveGate.admits(drawn));
            admitted += open ? 1 : 0;
        }
        assertThat(admitted).as("seed %d: both answers are drawn", seed).isBetween(15, 235);
    }

    @Test
    void one_more_approval_never_closes_what_was_open() {
        for (int round = 0; round < 60; round++) {
            NaiveGate.Case drawn = draw();
            NaiveGate.Ballot more = vote(Decision.APPROVE);
            List<NaiveGate.Ballot> votes = new ArrayList<>(drawn.votes());
            votes.add(more);

            List<Requirement> before = requirements(scene(drawn, List.of()));
            List<Requirement> after = requirements(scene(
                    new NaiveGate.Case(drawn.rules(), drawn.grants(), votes, drawn.paths(), drawn.type()), List.of()));

            for (int i = 0; i < before.size(); i++) {
                if (before.get(i).met()) {
                    assertThat(after.get(i).met())
                            .as(
                                    "seed %d, round %d: %s after %s",
                                    seed, round, before.get(i).rule(), more)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void files_that_the_change_does_not_touch_decide_nothing() {
        for (int round = 0; round < 40; round++) {
            NaiveGate.Case drawn = draw();
            List<String> unrelated = new ArrayList<>(List.of("docs/a.txt", "docs/b.txt", "systems/checkout/files/x"));
            Collections.shuffle(unrelated, random);

            List<Requirement> with = requirements(scene(drawn, unrelated));

            assertThat(with)
                    .as("seed %d, round %d: %s", seed, round, drawn)
                    .isEqualTo(requirements(scene(drawn, List.of())));
        }
    }

    @Test
    void any_flipped_bit_of_what_the_server_keeps_is_refused() {
        MergeDraft merge = good();
        for (String name : List.of("manifest.json", "gate.json", "votes/erin.json", "votes/erin.json.sig")) {
            byte[] honest = merge.bytes(name);
            for (int round = 0; round < 150; round++) {
                byte[] flipped = flip(honest);
                merge.write(merge.folder() + "/" + name, flipped);

                assertRefused(merge::verify, name, flipped);
            }
            merge.write(merge.folder() + "/" + name, honest);
        }
        assertThat(merge.verify().gate().open()).isTrue();
    }

    @Test
    void any_flipped_bit_of_a_vote_in_the_log_is_refused_even_if_the_folder_agrees() {
        MergeDraft merge = good();
        for (Vote vote : merge.scene().votes()) {
            for (int round = 0; round < 100; round++) {
                byte[] bytes = flip(vote.bytes());
                byte[] armored = flip(vote.armored().getBytes(UTF_8));

                assertRefused(
                        () -> relogged(merge, vote, bytes, vote.armored()), "statement of " + vote.person(), bytes);
                assertRefused(
                        () -> relogged(merge, vote, vote.bytes(), new String(armored, UTF_8)),
                        "signature of " + vote.person(),
                        armored);
            }
        }
        assertThat(relogged(merge, merge.scene().votes().get(1)).gate().open()).isTrue();
    }

    /** What the verifier says when the log, and so the folder and the gate, hold this instead of a good vote. */
    private static Verifier.Verdict relogged(MergeDraft merge, Vote good, byte[] bytes, String armored) {
        LogEntry.Statement entry = (LogEntry.Statement)
                LogEntry.parse(Vote.entry(bytes, armored, good.loggedAt()).bytes());
        return relogged(merge, Vote.of(entry, good.index()));
    }

    private static Verifier.Verdict relogged(MergeDraft merge, Vote other) {
        merge.votes(votes -> merge.scene().votes().stream()
                .map(vote -> vote.index() == other.index() ? other : vote)
                .toList());
        return merge.gate(merge.gate()).verify();
    }

    private void assertRefused(ThrowingCallable call, String what, byte[] bytes) {
        assertThat(catchThrowable(call))
                .as("seed %d: a flipped bit in %s: %s", seed, what, new String(bytes, UTF_8))
                .isInstanceOf(Refusal.class);
    }

    private byte[] flip(byte[] bytes) {
        byte[] flipped = bytes.clone();
        flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private static MergeDraft good() {
        return shop().change("raise-port")
                .by("ann")
                .touching(PRODUCTION, ShopFiles.storefront("production", 8090))
                .submittedBy("ann")
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .approvedBy("erin", "security")
                .merge();
    }

    private NaiveGate.Case draw() {
        Set<NaiveGate.Path> paths = new HashSet<>(Set.of(REQUEST));
        for (int i = 0; i <= random.nextInt(2); i++) {
            paths.add(PATHS.get(random.nextInt(PATHS.size())));
        }
        List<NaiveGate.Rule> rules = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            rules.add(rule("rule-" + i));
        }
        List<NaiveGate.Grant> grants = new ArrayList<>();
        for (String person : PEOPLE) {
            for (int i = 0; i <= random.nextInt(2); i++) {
                grants.add(grant(person));
            }
        }
        List<NaiveGate.Ballot> votes = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            boolean approves = random.nextInt(5) > 0;
            votes.add(vote(
                    approves
                            ? Decision.APPROVE
                            : List.of(Decision.REJECT, Decision.WITHDRAW, Decision.OVERRIDE, Decision.SUBMIT)
                                    .get(random.nextInt(4))));
        }
        return new NaiveGate.Case(rules, grants, votes, paths, random.nextBoolean() ? "normal" : "emergency");
    }

    private NaiveGate.Rule rule(String name) {
        Map<String, Integer> needs = new TreeMap<>();
        for (int i = name.equals("rule-0") ? 1 : random.nextInt(3); i > 0; i--) {
            needs.put(role(), 1 + random.nextInt(5) / 4);
        }
        return new NaiveGate.Rule(
                name,
                name.equals("rule-0") ? "" : PREFIXES.get(random.nextInt(PREFIXES.size())),
                name.equals("rule-0") ? Set.of() : some(List.of("test", "production"), 4),
                name.equals("rule-0") ? Set.of() : some(List.of("normal", "emergency"), 5),
                needs,
                some(ROLES, 3),
                random.nextInt(8) == 0);
    }

    private NaiveGate.Grant grant(String person) {
        return new NaiveGate.Grant(
                person,
                role(),
                random.nextInt(3) > 0 ? "" : PREFIXES.get(random.nextInt(PREFIXES.size())),
                some(List.of("test", "production"), 8),
                random.nextInt(6) > 0);
    }

    private NaiveGate.Ballot vote(Decision decision) {
        String rule = List.of("rule-0", "rule-1", "no-standing-rejection").get(random.nextInt(3));
        return new NaiveGate.Ballot(
                decision,
                PEOPLE.get(random.nextInt(PEOPLE.size())),
                role(),
                rule,
                random.nextInt(8) > 0,
                random.nextInt(8) > 0);
    }

    private String role() {
        return ROLES.get(Math.max(0, random.nextInt(ROLES.size() + 2) - 2));
    }

    /** Each element once in {@code in} draws. */
    private Set<String> some(List<String> all, int in) {
        Set<String> some = new TreeSet<>();
        all.stream().filter(element -> random.nextInt(in) == 0).forEach(some::add);
        return some;
    }

    private static List<Requirement> requirements(Told told) {
        return told.shop().requirements().evaluate(told.scene());
    }

    private static boolean open(List<Requirement> requirements) {
        return requirements.stream().allMatch(Requirement::met);
    }

    /** A scene and the shop it plays in. */
    private record Told(Shop shop, Scene scene) {}

    /** The same case with documents, keys and signatures. */
    private static Told scene(NaiveGate.Case drawn, List<String> unrelated) {
        Shop shop = shop();
        PEOPLE.forEach(person -> ROLES.forEach(role -> shop.without("access/grants/" + person + "-" + role + ".yaml")));
        shop.without("access/grants/frank-change-control.yaml")
                .without("policies/approve-everything.yaml")
                .without("policies/approve-production.yaml")
                .without("policies/approve-trust.yaml");
        unrelated.forEach(path -> shop.with(path, path));
        drawn.rules().forEach(rule -> shop.with("policies/" + rule.name() + ".yaml", text(rule)));
        for (int i = 0; i < drawn.grants().size(); i++) {
            shop.with(
                    "access/grants/grant-" + i + ".yaml",
                    text("grant-" + i, drawn.grants().get(i)));
        }
        ProposedChange change = shop.change("any").by("ann").ofType(drawn.type());
        drawn.paths().stream()
                .filter(path -> !path.equals(REQUEST))
                .forEach(path -> change.touching(path.name(), shop.text(path.name()) + "# more\n"));
        drawn.votes().forEach(vote -> change.vote(draft(vote)));
        return new Told(shop, change.merge().scene());
    }

    private static String text(NaiveGate.Rule rule) {
        List<String> needs = rule.needs().entrySet().stream()
                .map(need -> "{role: " + need.getKey() + ", count: " + need.getValue() + "}")
                .toList();
        String overrides = rule.overrides().isEmpty() ? "" : "override: {roles: " + rule.overrides() + "}\n";
        return ShopFiles.rule(
                rule.name(),
                "match: {paths: [\"" + rule.prefix() + "**\"], environments: " + rule.environments() + ", types: "
                        + rule.types() + "}\nrequire: " + needs + "\n" + overrides + "signedSubmit: "
                        + rule.signedSubmit() + "\n");
    }

    private static String text(String name, NaiveGate.Grant grant) {
        String scope = "{paths: [\"" + grant.prefix() + "**\"], environments: " + grant.environments() + "}";
        String text = ShopFiles.grant(name, grant.person(), grant.role(), scope);
        return grant.holds() ? text : text.replace("2027-01-01", "2026-11-21");
    }

    private static VoteDraft draft(NaiveGate.Ballot vote) {
        VoteDraft draft = VoteDraft.of(vote.decision(), vote.person(), vote.role());
        if (vote.decision() == Decision.OVERRIDE) {
            draft.settingAside(vote.rule());
        }
        if (!vote.honest()) {
            draft.about(effect -> new Statement.Effect(
                    effect.manifest(),
                    effect.repository(),
                    effect.log(),
                    effect.change(),
                    "something else",
                    effect.operation(),
                    effect.targets(),
                    effect.paths()));
        }
        return draft.lasting(vote.fresh() ? Duration.ofDays(1) : Duration.ofSeconds(1));
    }
}
