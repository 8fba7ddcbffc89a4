package countersign.document;

import countersign.codec.Fields;
import countersign.codec.yaml.YamlTree;
import java.util.Map;

/**
 * A document of a known kind: well-formed, valid against its schema, at a place its kind may stand.
 *
 * @param kind its kind
 * @param name {@code metadata.name}, a DNS label
 * @param path path in the repository
 * @param tree the whole document with positions
 */
public record Document(Kind kind, String name, String path, YamlTree tree) {
    /** The members of {@code spec}. */
    public Fields spec() {
        return Fields.of(path, tree.root()).object("spec");
    }

    public Map<String, String> labels() {
        return Fields.of(path, tree.root()).object("metadata").texts("labels");
    }
}
