package countersign.document.reader;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import countersign.codec.Refusal;
import countersign.codec.yaml.Yaml;
import countersign.codec.yaml.YamlTree;
import countersign.document.ContentRules;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.PathRules;
import countersign.document.overlay.Overlays;
import countersign.document.rule.KindRules;
import countersign.document.schema.Schemas;
import countersign.document.schema.Suggestions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads documents: every {@code *.yaml} outside payload is one. A document that is returned is well-formed, valid against
 * the schema and the rules of its kind, and stands where its kind may stand. Safe for use by several threads: schemas are loaded once
 * each, when they are first needed.
 */
public final class Documents {
    /** The version of the format that every document names. */
    public static final String API_VERSION = "countersign.dev/v1";

    private final Schemas schemas = new Schemas();

    /**
     * The document at a path; empty if the path holds none (payload and plain content); a Refusal with every finding if it
     * holds a wrong one.
     */
    public Optional<Document> read(String path, byte[] bytes) {
        Inspection inspection = inspect(path, bytes);
        Refusal.ifAnyBlocks(inspection.findings());
        return Optional.ofNullable(inspection.document());
    }

    /** What a file holds and everything that is wrong with it, path and content; never refuses. */
    public Inspection inspect(String path, byte[] bytes) {
        List<Finding> findings = new ArrayList<>(PathRules.checkShape(path));
        findings.addAll(ContentRules.check(path, bytes));
        if (!PathRules.isDocument(path) || findings.stream().anyMatch(Finding::blocks)) {
            return new Inspection(null, findings);
        }
        try {
            return inspect(path, Yaml.parse(path, bytes));
        } catch (Refusal malformed) {
            return new Inspection(null, malformed.findings());
        }
    }

    /**
     * A system that names a base, put over it, and everything that is wrong with the whole; itself if it names none.
     *
     * @param written finds documents by path, as they are written
     */
    public Inspection whole(Document system, Function<String, Optional<Document>> written) {
        if (Overlays.base(system).isEmpty()) {
            return new Inspection(system, List.of());
        }
        try {
            return inspect(system.path(), Overlays.resolve(system, written));
        } catch (Refusal noBase) {
            return new Inspection(null, noBase.findings());
        }
    }

    private Inspection inspect(String path, YamlTree tree) {
        List<Finding> findings = new ArrayList<>(tree.warnings());
        checkVersion(tree, findings);
        Optional<Kind> kind = kind(tree, findings);
        if (kind.isEmpty()) {
            return new Inspection(null, findings);
        }
        String name = text(tree, "/metadata/name").orElse("");
        findings.addAll(Placement.check(kind.get(), name, path, tree));
        findings.addAll(schemas.check(kind.get(), tree));
        Document document = new Document(kind.get(), name, path, tree);
        if (findings.stream().noneMatch(Finding::blocks)) {
            findings.addAll(KindRules.check(document));
        }
        return new Inspection(findings.stream().anyMatch(Finding::blocks) ? null : document, findings);
    }

    private static void checkVersion(YamlTree tree, List<Finding> findings) {
        Optional<String> version = text(tree, "/apiVersion");
        if (!version.equals(Optional.of(API_VERSION))) {
            findings.add(Finding.error(
                            "unknown-api-version",
                            "apiVersion must be " + API_VERSION + ", found " + version.orElse("none"),
                            tree.placeOf("/apiVersion"))
                    .withWayOut("files that are not documents of Countersign belong below systems/<system>/files/"));
        }
    }

    private static Optional<Kind> kind(YamlTree tree, List<Finding> findings) {
        Optional<String> written = text(tree, "/kind");
        Optional<Kind> kind = written.flatMap(Kind::find);
        if (kind.isEmpty()) {
            List<String> known = Arrays.stream(Kind.values()).map(Kind::label).toList();
            String guess = written.flatMap(word -> Suggestions.nearest(word, known))
                    .map(word -> "did you mean " + word + "?")
                    .orElse("known kinds: " + String.join(", ", known));
            findings.add(
                    Finding.error("unknown-kind", "there is no kind " + written.orElse("given"), tree.placeOf("/kind"))
                            .withWayOut(guess));
        }
        return kind;
    }

    private static Optional<String> text(YamlTree tree, String pointer) {
        return JsonPointer.find(tree.root(), pointer)
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }
}
