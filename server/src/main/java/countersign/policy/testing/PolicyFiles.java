package countersign.policy.testing;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.codec.yaml.Yaml;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.reader.Documents;
import countersign.document.reader.Inspection;
import countersign.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The policies and their tests among the files of a folder. In a repository they stand side by side; a library may keep
 * them in folders of their own.
 *
 * @param policies the policies, in the order of the files
 * @param tests the documents of kind PolicyTest, in that order
 */
public record PolicyFiles(List<Policy> policies, List<Document> tests) {
    public PolicyFiles {
        policies = List.copyOf(policies);
        tests = List.copyOf(tests);
    }

    /** Reads them; refuses a file that is no valid document, at its place. Other kinds and other files are passed over. */
    public static PolicyFiles read(Map<String, byte[]> files) {
        Documents documents = new Documents();
        List<Policy> policies = new ArrayList<>();
        List<Document> tests = new ArrayList<>();
        files.forEach((path, bytes) -> {
            Document document = path.endsWith(".yaml") ? read(documents, path, bytes) : null;
            if (document != null && document.kind() == Kind.POLICY) {
                policies.add(Policy.read(document, bytes));
            } else if (document != null && document.kind() == Kind.POLICY_TEST) {
                tests.add(document);
            }
        });
        return new PolicyFiles(policies, tests);
    }

    private static @Nullable Document read(Documents documents, String path, byte[] bytes) {
        String home = Kind.POLICY.folder() + "/" + path.substring(path.lastIndexOf('/') + 1);
        Inspection inspection = documents.inspect(home, bytes);
        List<Finding> wrong = inspection.findings().stream()
                .filter(Finding::blocks)
                .map(finding -> moved(finding, path))
                .toList();
        Refusal.ifAnyBlocks(wrong);
        Document document = inspection.document();
        return document == null ? null : new Document(document.kind(), document.name(), path, Yaml.parse(path, bytes));
    }

    private static Finding moved(Finding finding, String path) {
        Place place = finding.place();
        return place == null ? finding : finding.at(new Place(path, place.line(), place.column(), place.pointer()));
    }
}
