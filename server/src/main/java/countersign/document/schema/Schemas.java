package countersign.document.schema;

import countersign.codec.Finding;
import countersign.codec.yaml.YamlTree;
import countersign.document.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The JSON Schema (2020-12) of each kind. Safe for use by several threads: each is loaded once, when it is first needed.
 */
public final class Schemas {
    private final Map<Kind, SchemaCheck> loaded = new ConcurrentHashMap<>();

    /** The schema of a kind as it is published, UTF-8 JSON. */
    public static byte[] published(Kind kind) {
        try (InputStream in = Schemas.class.getResourceAsStream("/schemas/" + kind.label() + ".json")) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Everything in a tree that its kind's schema does not allow, in plain words, each with its place. */
    public List<Finding> check(Kind kind, YamlTree tree) {
        return loaded.computeIfAbsent(kind, Schemas::load).check(tree);
    }

    private static SchemaCheck load(Kind kind) {
        return new SchemaCheck(kind.label(), published(kind));
    }
}
