package countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Fields;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.overlay.Overlays;
import countersign.document.reader.Documents;
import countersign.policy.cel.Subject;
import countersign.policy.input.ChangeFacts;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.DocumentChange.Operation;
import countersign.policy.input.Facts;
import countersign.policy.input.Lookups;
import countersign.policy.input.PolicyInput;
import countersign.policy.input.Stage;
import countersign.policy.testing.Shipped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the sample shop to the shipped policies about documents, as if each document were put in alone. */
final class SamplePoliciesTest {
    private static final Path SAMPLE = Path.of("sample-repo");
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final Documents reader = new Documents();
    private final PolicyEngine engine = new PolicyEngine();

    @Test
    void every_document_of_the_sample_shop_keeps_the_shipped_policies() {
        List<Document> sample = documents(SAMPLE);
        List<Policy> policies = Shipped.read().policies().stream()
                .filter(policy -> policy.subject() == Subject.DOCUMENT)
                .toList();

        assertThat(sample).hasSizeGreaterThan(20);
        assertThat(policies).hasSizeGreaterThan(20);
        assertThat(sample)
                .allSatisfy(document -> assertThat(engine.evaluate(policies, input(document, sample))
                                .findings())
                        .isEmpty());
    }

    private static PolicyInput input(Document document, List<Document> sample) {
        Facts facts = new Facts(
                List.of(),
                () -> sample.stream()
                        .filter(other -> other.kind() == Kind.KEY_INVENTORY)
                        .map(SamplePoliciesTest::key)
                        .toList(),
                path -> sample.stream()
                        .filter(other -> other.kind() == Kind.SYSTEM_CONFIG)
                        .filter(other -> Path.of(other.path())
                                .getParent()
                                .equals(Path.of(path).getParent()))
                        .filter(other -> !other.path().equals(path))
                        .toList(),
                path -> sample.stream()
                        .filter(other -> other.path().equals(path))
                        .findFirst(),
                named(sample));
        return new PolicyInput(
                ChangeFacts.of(Fields.of("change", Map.of())),
                List.of(new DocumentChange(document.path(), Operation.CREATE, null, document)),
                facts,
                NOW,
                Stage.GATE);
    }

    private static Lookups named(List<Document> sample) {
        return new Lookups() {
            @Override
            public Optional<Document> find(Kind kind, String name) {
                return sample.stream()
                        .filter(other -> other.kind() == kind && other.name().equals(name))
                        .findFirst();
            }

            @Override
            public long failures(String system, Instant behind) {
                return 0;
            }
        };
    }

    private static Facts.Key key(Document key) {
        return new Facts.Key(
                key.name(), key.spec().textOrNull("fingerprint"), key.spec().textOrNull("environment"));
    }

    private List<Document> documents(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            Map<String, Document> written = new TreeMap<>();
            files.filter(file -> file.toString().endsWith(".yaml"))
                    .flatMap(file -> reader.read(folder.relativize(file).toString(), bytes(file)).stream())
                    .forEach(document -> written.put(document.path(), document));
            return written.values().stream()
                    .filter(document -> !Overlays.isAbstract(document))
                    .map(document -> reader.whole(document, path -> Optional.ofNullable(written.get(path)))
                            .document())
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
