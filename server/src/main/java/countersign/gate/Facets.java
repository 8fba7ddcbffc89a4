package countersign.gate;

import countersign.access.PathFacets;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.PathRules;
import countersign.document.overlay.Overlays;
import countersign.manifest.Manifest;
import countersign.manifest.SystemUnits;
import countersign.repository.DocumentReader;
import countersign.repository.Remembered;
import countersign.repository.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Works out the facets of the paths that a change touches, from both sides. A path belongs to the environment its
 * document names and to those of the targets it reaches: a system's targets, and for a package those of every system that
 * installs it. Thread-safe.
 */
public final class Facets {
    private static final int CHANGES_REMEMBERED = 256;

    /** Facets of more paths than this are worked out anew each time. */
    private static final int MANY = 100;

    private final DocumentReader documents;
    private final SystemUnits systems;

    /** By everything that they follow from. */
    private final Remembered<List<PathFacets>> known = new Remembered<>(CHANGES_REMEMBERED);

    public Facets(DocumentReader documents) {
        this.documents = documents;
        this.systems = new SystemUnits(documents);
    }

    /** The facets of every path of a manifest, in its order. */
    public List<PathFacets> of(Manifest manifest, Snapshot before, Snapshot after) {
        return manifest.files().size() > MANY
                ? compute(manifest, before, after)
                : known.get(
                        manifest.digest() + before.treeId() + after.treeId(), () -> compute(manifest, before, after));
    }

    private List<PathFacets> compute(Manifest manifest, Snapshot before, Snapshot after) {
        return manifest.files().stream()
                .map(file -> of(file.path(), before, after))
                .toList();
    }

    /** The facets of a path in two trees. */
    public PathFacets of(String path, Snapshot before, Snapshot after) {
        TreeSet<String> kinds = new TreeSet<>();
        TreeSet<String> environments = new TreeSet<>();
        TreeSet<String> classifications = new TreeSet<>();
        TreeSet<String> criticalities = new TreeSet<>();
        for (Snapshot side : List.of(before, after)) {
            for (Document document : speakingFor(side, path)) {
                if (document.path().equals(path)) {
                    kinds.add(document.kind().label());
                }
                addIfPresent(document, "environment", environments);
                addIfPresent(document, "classification", classifications);
                addIfPresent(document, "criticality", criticalities);
                onTarget(side, document).forEach(system -> addIfPresent(system, "criticality", criticalities));
                targets(side, document).forEach(target -> addIfPresent(target, "environment", environments));
            }
        }
        return new PathFacets(path, kinds, environments, classifications, criticalities);
    }

    /**
     * The document at the path; for a payload file, every SystemConfig of its family; for a package its users too, and for
     * a base the systems that are put over it.
     */
    List<Document> speakingFor(Snapshot snapshot, String path) {
        if (PathRules.isPayload(path)) {
            String family = path.substring(0, path.indexOf('/', "systems/".length()));
            return documents.list(snapshot, family).stream()
                    .filter(document -> document.kind() == Kind.SYSTEM_CONFIG)
                    .toList();
        }
        if (!path.endsWith(".yaml")) {
            return List.of();
        }
        List<Document> speaking = new ArrayList<>();
        documents.find(snapshot, path).ifPresent(document -> {
            speaking.add(document);
            if (Overlays.isAbstract(document)) {
                speaking.addAll(over(snapshot, path));
            }
        });
        if (path.startsWith(Kind.UPGRADE_PACKAGE.folder() + "/")) {
            String name = path.substring(path.indexOf('/') + 1, path.length() - ".yaml".length());
            systems.all(snapshot).stream()
                    .filter(system -> system.spec().textList("packages").contains(name))
                    .forEach(speaking::add);
        }
        return speaking;
    }

    /** The systems that are put over the one at a path. */
    private List<Document> over(Snapshot snapshot, String path) {
        return documents.list(snapshot, path.substring(0, path.lastIndexOf('/'))).stream()
                .filter(document -> Overlays.isOver(document, path))
                .toList();
    }

    /** The targets of a SystemConfig. */
    List<Document> targets(Snapshot snapshot, Document document) {
        return document.kind() == Kind.SYSTEM_CONFIG
                ? document.spec().textList("targets").stream()
                        .flatMap(name -> documents.find(snapshot, Kind.TARGET.folder() + "/" + name + ".yaml").stream())
                        .toList()
                : List.of();
    }

    /** The systems on a target, if the document is one. */
    private List<Document> onTarget(Snapshot snapshot, Document document) {
        return document.kind() == Kind.TARGET
                ? systems.all(snapshot).stream()
                        .filter(system -> system.spec().textList("targets").contains(document.name()))
                        .toList()
                : List.of();
    }

    static void addIfPresent(Document document, String field, Set<String> values) {
        if (document.spec().raw(field) instanceof String text) {
            values.add(text);
        }
    }
}
