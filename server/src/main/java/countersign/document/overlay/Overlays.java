package countersign.document.overlay;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import countersign.codec.Refusal;
import countersign.codec.yaml.YamlTree;
import countersign.document.Document;
import countersign.document.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Systems that name a base, and systems that are only bases. The bases of a system stand in its own folder. */
public final class Overlays {
    private static final int MAX_BASES = 8;

    private Overlays() {}

    /** Whether a system is only a base of others: it has no units and no environment. */
    public static boolean isAbstract(Document document) {
        return document.kind() == Kind.SYSTEM_CONFIG
                && JsonPointer.find(document.tree().root(), "/spec/abstract").equals(Optional.of(true));
    }

    /** The name of the base that a document says. */
    public static Optional<String> base(Document document) {
        return document.kind() == Kind.SYSTEM_CONFIG
                ? JsonPointer.find(document.tree().root(), "/spec/base")
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                : Optional.empty();
    }

    /** Whether a document, resolved, is made from the one at a path. */
    public static boolean isOver(Document document, String path) {
        return document.tree() instanceof OverlaidTree tree && tree.bases().contains(path);
    }

    /**
     * The tree of a system that names a base, put over it; refuses {@code dangling-reference}, {@code base-cycle},
     * {@code base-not-abstract} and {@code too-many-bases}.
     *
     * @param written finds documents by path, as they are written
     */
    public static YamlTree resolve(Document system, Function<String, Optional<Document>> written) {
        List<Document> chain = new ArrayList<>(List.of(system));
        Document last = system;
        for (Optional<String> base = base(last); base.isPresent(); base = base(last)) {
            last = next(chain, last, base.get(), written);
            chain.add(last);
        }
        Document whole = last;
        for (int i = chain.size() - 2; i >= 0; i--) {
            Document over = chain.get(i);
            whole = new Document(over.kind(), over.name(), over.path(), Overlay.of(over, whole));
        }
        return whole.tree();
    }

    private static Document next(
            List<Document> chain, Document over, String name, Function<String, Optional<Document>> written) {
        String path = over.path().substring(0, over.path().lastIndexOf('/') + 1) + name + ".yaml";
        Document base = written.apply(path)
                .filter(found -> found.kind() == Kind.SYSTEM_CONFIG)
                .orElseThrow(() -> refusal(
                        over, "dangling-reference", "names the SystemConfig " + path + ", which does not exist"));
        if (chain.stream().anyMatch(document -> document.path().equals(path))) {
            throw refusal(over, "base-cycle", "leads back to " + path);
        }
        if (!isAbstract(base)) {
            throw refusal(over, "base-not-abstract", "names " + path + ", which is a system of its own");
        }
        if (chain.size() > MAX_BASES) {
            throw refusal(over, "too-many-bases", "is more than " + MAX_BASES + " bases deep");
        }
        return base;
    }

    private static Refusal refusal(Document document, String rule, String problem) {
        return new Refusal(
                Finding.error(rule, "spec/base " + problem, document.tree().placeOf("/spec/base")));
    }
}
