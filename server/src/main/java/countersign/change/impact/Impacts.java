package countersign.change.impact;

import countersign.codec.Fields;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.PathRules;
import countersign.document.reference.DocumentName;
import countersign.document.reference.Impact;
import countersign.manifest.Manifest;
import countersign.merge.Preview;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Computes what changes reach, from the references of the trees before and after. Thread-safe. */
public final class Impacts {
    private final DocumentReader documents;

    public Impacts(DocumentReader documents) {
        this.documents = documents;
    }

    /** What a change reaches, whether or not its findings let it merge. */
    public ChangeImpact of(Preview preview) {
        List<Difference> differences = Differences.between(preview.before(), preview.after(), Manifest.MAX_FILES);
        Impact computed = computed(preview.before(), differences).and(computed(preview.after(), differences));
        Optional<Fields> request = documents
                .find(preview.after(), preview.request().id().document())
                .map(Document::spec);
        return new ChangeImpact(
                computed,
                request.map(spec -> spec.textList("systems")).orElse(List.of()),
                request.map(Impacts::declared).orElse(List.of()));
    }

    private Impact computed(Snapshot snapshot, List<Difference> differences) {
        Set<DocumentName> changed = new TreeSet<>();
        for (Difference difference : differences) {
            if (PathRules.isPayload(difference.path())) {
                changed.addAll(users(snapshot, difference.path()));
            } else if (difference.path().endsWith(".yaml")) {
                documents
                        .find(snapshot, difference.path())
                        .filter(document -> document.kind() != Kind.CHANGE_REQUEST)
                        .map(DocumentName::of)
                        .ifPresent(changed::add);
            }
        }
        return documents.references().impact(snapshot, changed);
    }

    /** The systems of a family that take a payload file. */
    private List<DocumentName> users(Snapshot snapshot, String payload) {
        String folder = payload.substring(0, payload.indexOf("/files/"));
        String file = payload.substring(folder.length() + "/files/".length());
        return documents.list(snapshot, folder).stream()
                .filter(document -> document.kind() == Kind.SYSTEM_CONFIG)
                .filter(system -> system.spec().objectList("files").stream()
                        .anyMatch(entry -> file.equals(entry.textOrNull("from"))))
                .map(DocumentName::of)
                .toList();
    }

    private static List<ChangeImpact.Declared> declared(Fields spec) {
        return spec.objectList("declaredImpact").stream()
                .map(one -> new ChangeImpact.Declared(one.text("what"), one.text("effect"), one.textOrNull("grade")))
                .toList();
    }
}
