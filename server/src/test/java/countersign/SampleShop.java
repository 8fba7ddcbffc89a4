package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.audit.AuditLine;
import countersign.audit.CloneAudit;
import countersign.audit.start.StartingPoint;
import countersign.change.Shop;
import countersign.cli.data.Program;
import countersign.git.GitRepository;
import countersign.repository.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sample repository in a data folder, with ann, carol and dave, whose keys are {@link Shop#key}: what whole servers serve. */
final class SampleShop {
    private static final String SYSTEM = "systems/checkout/checkout-test.yaml";

    private SampleShop() {}

    static Program.Founded found(Installation installation, Path data) {
        return installation.init(new Program.Init(
                data,
                Program.Content.of(Path.of("sample-repo")),
                "shop",
                "shop.example/log",
                Stream.of("ann", "carol", "dave")
                        .collect(Collectors.toMap(
                                Function.identity(),
                                person -> List.of(Shop.key(person).publicKey()))),
                List.of(Shop.key("recovery").publicKey()),
                1));
    }

    /** A token of each of these people, good for everything. */
    static Map<String, String> tokens(Installation installation, Path data, String... people) {
        Map<String, String> tokens = new HashMap<>();
        for (String person : people) {
            Program.TokenWish wish =
                    new Program.TokenWish(person, "test", EnumSet.allOf(Scope.class), Duration.ofDays(1));
            tokens.put(person, installation.issueToken(data, wish).secret());
        }
        return tokens;
    }

    /** A request of this name, and what it asks for. */
    static Map<String, String> change(String name) {
        try {
            String system = Files.readString(Path.of("sample-repo", SYSTEM));
            String more = system.replaceFirst("instances: \\d+", "instances: 99");
            assertThat(more).isNotEqualTo(system);
            return Map.of(SYSTEM, more, "changes/2026-11-21/" + name + ".yaml", """
                    apiVersion: countersign.dev/v1
                    kind: ChangeRequest
                    metadata:
                      name: %s
                    spec:
                      title: More instances of checkout
                      type: normal
                      reason: The sale begins on Friday.
                      requester: ann
                      contact: ann
                      maintenanceType: preventive
                      plan: {scope: checkout in test, steps: [merge], risk: none to speak of}
                      test: {plan: watch the error rate}
                      backout: {plan: merge a rollback of this change within the day}
                      securityImpact: none
                    """.formatted(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What the audit says of everything since the founding. */
    static List<AuditLine> audit(Path data, Program.Founded founded) {
        List<AuditLine> lines = new ArrayList<>();
        try (Repository clone = GitRepository.openForReading(data.resolve("repository.git"))) {
            new CloneAudit(clone).verify(new StartingPoint.Genesis(founded.genesis(), null), lines::add);
        }
        return lines;
    }
}
