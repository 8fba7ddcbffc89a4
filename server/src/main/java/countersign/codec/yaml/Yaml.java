package countersign.codec.yaml;

import countersign.codec.Refusal;

/**
 * Reads YAML 1.2 strictly, so that two readers of the same bytes cannot see two documents: core schema, one document, a
 * mapping at its root; no aliases, anchors, merge keys, tags, directives, duplicate keys or numbers with leading zeros; at
 * most 1 MiB, 64 levels and 200,000 nodes.
 */
public final class Yaml {
    /** The most bytes that one document may have. */
    public static final int MAX_BYTES = 1 << 20;

    private Yaml() {}

    /**
     * Parses one document; a Refusal with every finding and its place if it breaks a rule. Words and numbers that other
     * readers of YAML take for something else are {@link YamlTree#warnings}.
     *
     * @param path names the document in places
     */
    public static YamlTree parse(String path, byte[] bytes) {
        String text = YamlText.decode(path, bytes);
        YamlBuilder quick = YamlBuilder.withoutPlaces(path, text);
        if (quick.findings().isEmpty()) {
            return new ParsedYaml(path, text, quick.root(), quick.findings());
        }
        YamlBuilder exact = YamlBuilder.withPlaces(path, text);
        Refusal.ifAnyBlocks(exact.findings());
        return new ParsedYaml(path, text, exact.root(), exact.findings());
    }
}
