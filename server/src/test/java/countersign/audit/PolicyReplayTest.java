package countersign.audit;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.Receipt;
import countersign.audit.start.StartingPoint;
import countersign.change.Shop;
import countersign.codec.Finding;
import countersign.codec.Sha256;
import countersign.gate.GateRecord;
import countersign.gate.vote.Decision;
import countersign.git.GitRepository;
import countersign.log.Faults;
import countersign.log.LogEntry;
import countersign.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies evaluated again over a clone. */
final class PolicyReplayTest {
    private static final String GATE = History.REQUEST + "lower-timeout/gate.json";

    @Test
    void policies_say_again_what_an_honest_server_recorded() throws Exception {
        try (ClonedShop cloned = ClonedShop.open()) {
            Shop shop = cloned.shop;
            shop.open(
                    "ann",
                    "two-person",
                    Map.of(
                            "policies/two-person.yaml",
                            Files.readString(Path.of("policies/people/two-person.yaml")),
                            "policies/two-person.test.yaml",
                            Files.readString(Path.of("policies/people/two-person.test.yaml"))));
            shop.vote("two-person", "carol", Decision.APPROVE, "approver");
            shop.vote("two-person", "dave", Decision.APPROVE, "approver");
            shop.changes().merge("two-person");
            shop.merged("raise-timeout", 60);

            List<AuditLine> lines = new ArrayList<>();
            CloneAudit.Outcome outcome = verify(cloned.fresh(), cloned.genesis(), lines);

            assertThat(outcome.good()).isTrue();
            assertThat(findings(lines)).isEmpty();
            assertThat(new String(
                            shop.repository
                                    .snapshot(shop.changes().main())
                                    .read(History.REQUEST + "raise-timeout/gate.json", 1 << 20),
                            java.nio.charset.StandardCharsets.UTF_8))
                    .contains("\"policy\":\"two-person\"");
        }
    }

    @Test
    void what_rules_ask_of_the_inventory_and_of_the_past_is_the_same_in_a_clone() throws Exception {
        try (ClonedShop cloned = ClonedShop.open()) {
            Shop shop = cloned.shop;
            adopt(shop, "change/failures-are-looked-at", "keys/keys-in-use-are-active");
            for (String name : List.of("once", "twice")) {
                CheckoutTarget.in(shop, "production")
                        .reports(shop.merged(name, name.length() * 10), Receipt.Outcome.FAILED);
            }
            shop.opened("third", 70);
            shop.approve("third");
            assertThat(refusalOf(() -> shop.changes().merge("third")))
                    .hasMessageContaining("changes failed lately at checkout-production");

            shop.now.set(shop.now.get().plus(Duration.ofDays(7)));
            shop.restart(true, Faults.NONE);
            shop.opened("later", 80);
            shop.approve("later");
            shop.changes().merge("later");
            List<AuditLine> lines = new ArrayList<>();
            CloneAudit.Outcome outcome = verify(cloned.fresh(), cloned.genesis(), lines);

            assertThat(outcome.good()).isTrue();
            assertThat(findings(lines)).isEmpty();
        }
    }

    private static void adopt(Shop shop, String... policies) throws IOException {
        Map<String, String> files = new HashMap<>();
        for (String policy : policies) {
            for (String end : List.of(".yaml", ".test.yaml")) {
                String name = policy.substring(policy.indexOf('/') + 1) + end;
                files.put("policies/" + name, Files.readString(Path.of("policies/" + policy + end)));
            }
        }
        shop.open("ann", "adopt", files);
        shop.vote("adopt", "carol", Decision.APPROVE, "approver");
        shop.vote("adopt", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("adopt");
    }

    @Test
    void a_verdict_that_the_server_made_up_is_a_finding_and_no_broken_chain(@TempDir Path folder) throws Exception {
        History history = History.play(folder);
        Path clone = history.copy(folder.resolve("made-up"));
        Forger forger = new Forger(clone, history);
        byte[] gate = withPolicy(forger.bytes("cat-file", "blob", "main:" + GATE));
        forger.mergeOtherwise(Map.of(GATE, gate), merge -> with(merge, Sha256.of(gate)));
        List<AuditLine> lines = new ArrayList<>();

        CloneAudit.Outcome outcome = verify(clone, history.genesis, lines);

        assertThat(outcome.good()).isTrue();
        assertThat(findings(lines)).extracting(Finding::rule).containsExactly("policy-replay-differs");
        assertThat(findings(lines))
                .allSatisfy(found -> assertThat(found.toString()).contains(GATE).contains("no-same-key"));
    }

    @Test
    void without_being_asked_nobody_evaluates_policies(@TempDir Path folder) throws Exception {
        History history = History.play(folder);
        Path clone = history.copy(folder.resolve("made-up"));
        Forger forger = new Forger(clone, history);
        byte[] gate = withPolicy(forger.bytes("cat-file", "blob", "main:" + GATE));
        forger.mergeOtherwise(Map.of(GATE, gate), merge -> with(merge, Sha256.of(gate)));
        List<AuditLine> lines = new ArrayList<>();

        try (Repository repository = GitRepository.openForReading(clone)) {
            new CloneAudit(repository).verify(new StartingPoint.Genesis(history.genesis, null), lines::add);
        }

        assertThat(findings(lines)).isEmpty();
    }

    private static byte[] withPolicy(byte[] bytes) {
        GateRecord gate = GateRecord.parse(bytes);
        return new GateRecord(
                        gate.engine(),
                        gate.manifest(),
                        gate.change(),
                        gate.time(),
                        gate.requirements(),
                        gate.contributors(),
                        List.of(Map.of("policy", "no-same-key", "result", "passed")))
                .bytes();
    }

    private static LogEntry.Merge with(LogEntry.Merge merge, Sha256 gate) {
        return new LogEntry.Merge(
                merge.seq(), merge.before(), merge.after(), merge.contentRoot(), merge.manifest(), gate, merge.time());
    }

    private static List<Finding> findings(List<AuditLine> lines) {
        return lines.stream().flatMap(line -> line.findings().stream()).toList();
    }

    private static CloneAudit.Outcome verify(Path clone, String genesis, List<AuditLine> lines) {
        try (Repository repository = GitRepository.openForReading(clone)) {
            return new CloneAudit(repository)
                    .verify(new StartingPoint.Genesis(genesis, null), CloneAudit.Depth.POLICIES, lines::add);
        }
    }
}
