package countersign.gate;

import countersign.access.PathFacets;
import countersign.codec.Fields;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.PathRules;
import countersign.manifest.Manifest;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Works out the facets of the paths that a change touches, from both sides. */
final class Facets {
    private final DocumentReader documents;

    Facets(DocumentReader documents) {
        this.documents = documents;
    }

    /** The facets of every path of a manifest, in its order. */
    List<PathFacets> of(Manifest manifest, Snapshot before, Snapshot after) {
        return manifest.files().stream()
                .map(file -> of(file.path(), before, after))
                .toList();
    }

    private PathFacets of(String path, Snapshot before, Snapshot after) {
        TreeSet<String> kinds = new TreeSet<>();
        TreeSet<String> environments = new TreeSet<>();
        TreeSet<String> classifications = new TreeSet<>();
        for (Snapshot side : List.of(before, after)) {
            for (Document document : speakingFor(side, path)) {
                if (document.path().equals(path)) {
                    kinds.add(document.kind().label());
                }
                Fields spec = document.spec();
                addIfPresent(spec, "environment", environments);
                addIfPresent(spec, "classification", classifications);
            }
        }
        return new PathFacets(path, kinds, environments, classifications);
    }

    /** The document at the path; for a payload file, every SystemConfig of its family. */
    private List<Document> speakingFor(Snapshot snapshot, String path) {
        if (PathRules.isPayload(path)) {
            String family = path.substring(0, path.indexOf('/', "systems/".length()));
            return documents.list(snapshot, family).stream()
                    .filter(document -> document.kind() == Kind.SYSTEM_CONFIG)
                    .toList();
        }
        return path.endsWith(".yaml") ? documents.find(snapshot, path).stream().toList() : List.of();
    }

    private static void addIfPresent(Fields spec, String field, Set<String> values) {
        if (spec.raw(field) instanceof String text) {
            values.add(text);
        }
    }
}
