package countersign.policy;

import countersign.codec.Fields;
import countersign.codec.yaml.Yaml;
import countersign.codec.yaml.YamlTree;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.policy.input.ChangeFacts;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.DocumentChange.Operation;
import countersign.policy.input.Facts;
import countersign.policy.input.PolicyInput;
import countersign.policy.input.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The words that tests of policies build their inputs with. */
public final class Given {
    public static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private Given() {}

    public static Document document(String path, String yaml) {
        YamlTree tree = Yaml.parse(path, yaml.getBytes(StandardCharsets.UTF_8));
        Fields root = Fields.of(path, tree.root());
        Kind kind = Kind.find(root.text("kind")).orElseThrow();
        return new Document(kind, root.object("metadata").text("name"), path, tree);
    }

    public static Policy policy(String yaml) {
        Document document = document("policies/sample.yaml", yaml);
        return Policy.read(document, yaml.getBytes(StandardCharsets.UTF_8));
    }

    /** A policy over every document with one rule. */
    public static Policy rule(String expression) {
        return policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  rules:
                    - id: the-rule
                      expression: %s
                      message: the rule is broken
                """.formatted(expression));
    }

    /** A SystemConfig of production with these lines under spec. */
    public static Document system(String... lines) {
        return document("systems/shop/shop-production.yaml", """
                kind: SystemConfig
                metadata: {name: shop-production}
                spec:
                  environment: production
                """ + indented(lines));
    }

    public static DocumentChange created(Document document) {
        return new DocumentChange(document.path(), Operation.CREATE, null, document);
    }

    public static DocumentChange updated(Document before, Document after) {
        return new DocumentChange(after.path(), Operation.UPDATE, before, after);
    }

    public static DocumentChange deleted(Document document) {
        return new DocumentChange(document.path(), Operation.DELETE, document, null);
    }

    public static PolicyInput input(DocumentChange... touched) {
        return new PolicyInput(
                ChangeFacts.of(Fields.of("change", Map.of())), List.of(touched), Facts.none(), NOW, Stage.GATE);
    }

    /** The matcher that these lines of YAML say. */
    static PolicyMatch match(String yaml) {
        byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
        return PolicyMatch.of(Fields.of("match", Yaml.parse("match.yaml", bytes).root()));
    }

    private static String indented(String... lines) {
        StringBuilder out = new StringBuilder();
        for (String line : lines) {
            out.append("  ").append(line).append('\n');
        }
        return out.toString();
    }
}
