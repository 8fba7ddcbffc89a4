package countersign.policy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Fields;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.reader.Documents;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs the tests beside the policies that are shipped. */
final class ShippedPoliciesTest {
    private static final Path FOLDER = Path.of("policies");

    private static final Documents DOCUMENTS = new Documents();

    @TestFactory
    Stream<DynamicTest> every_shipped_policy_passes_its_own_tests() {
        PolicyTestRunner runner = new PolicyTestRunner(new PolicyEngine());

        return runner.run(policies(), documents(Kind.POLICY_TEST)).results().stream()
                .map(result -> DynamicTest.dynamicTest(
                        result.policy() + ": " + result.name(),
                        () -> assertThat(result.complaints()).isEmpty()));
    }

    @Test
    void every_shipped_policy_says_why_and_where_it_comes_from() {
        assertThat(policies()).hasSizeGreaterThanOrEqualTo(5).allSatisfy(policy -> {
            Fields spec = policy.document().spec();
            assertThat(spec.text("why")).doesNotContain("\n");
            assertThat(spec.textList("sources")).isNotEmpty();
            assertThat(policy.document().path()).isEqualTo("policies/" + policy.name() + ".yaml");
        });
    }

    private static List<Policy> policies() {
        return documents(Kind.POLICY).stream()
                .map(document -> Policy.read(document, bytes(Path.of(document.path()))))
                .toList();
    }

    private static List<Document> documents(Kind kind) {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(ShippedPoliciesTest::document)
                    .filter(document -> document.kind() == kind)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Document document(Path file) {
        return DOCUMENTS.read(file.toString(), bytes(file)).orElseThrow();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
