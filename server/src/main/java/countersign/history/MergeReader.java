package countersign.history;

import countersign.codec.Fields;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.gate.Facets;
import countersign.gate.RollbackRules;
import countersign.history.Fact.About;
import countersign.log.LogEntry;
import countersign.manifest.ChangeId;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Manifest;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads from the trees of a merge what it can be found by; what that costs follows the change. Thread-safe. */
final class MergeReader {
    private final Repository repository;
    private final DocumentReader documents;
    private final Facets facets;

    MergeReader(Repository repository, DocumentReader documents) {
        this.repository = repository;
        this.documents = documents;
        this.facets = new Facets(documents);
    }

    /** The merge of a log entry and its facts. */
    IndexedMerge read(LogEntry.Merge entry, long index) {
        Snapshot before = repository.snapshot(entry.before());
        Snapshot after = repository.snapshot(entry.after());
        ChangeId id = change(before, after, entry);
        Manifest manifest = RollbackRules.merged(after, id).orElseThrow();
        Document document = documents.find(after, id.document()).orElseThrow();
        ChangeRequest request = ChangeRequest.of(document);
        Found found = new Found();
        addEffect(found, manifest, before, after);
        addPeople(found, manifest, request, after);
        found.addWords(document.name());
        found.addTexts(Fields.of(document.path(), document.tree().root()).raw("spec"));
        PastMerge merge = new PastMerge(
                entry.seq(),
                index,
                entry.time(),
                id,
                request.title(),
                manifest.operation(),
                manifest.of(),
                request.type(),
                request.requester(),
                entry.before(),
                entry.after());
        return new IndexedMerge(merge, found.facts);
    }

    /** The change of a merge: the one whose request and manifest it adds. */
    private static ChangeId change(Snapshot before, Snapshot after, LogEntry.Merge entry) {
        return Differences.between(before, after, Manifest.MAX_FILES + 1024).stream()
                .map(Difference::path)
                .flatMap(path -> ChangeId.ofDocument(path).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("merge " + entry.seq() + " adds no request"));
    }

    private void addEffect(Found found, Manifest manifest, Snapshot before, Snapshot after) {
        for (Manifest.FileChange file : manifest.files()) {
            found.addNamed(About.PATH, file.path());
            documents(file.path(), before, found);
            documents(file.path(), after, found);
        }
        facets.of(manifest, before, after).forEach(path -> {
            path.environments().forEach(name -> found.addNamed(About.ENVIRONMENT, name));
            path.classifications().forEach(name -> found.addNamed(About.CLASSIFICATION, name));
        });
        manifest.units().forEach(change -> {
            found.addNamed(About.TARGET, change.unit().target());
            found.addNamed(About.SYSTEM, change.unit().system());
        });
    }

    private void documents(String path, Snapshot side, Found found) {
        if (path.endsWith(".yaml")) {
            documents.find(side, path).ifPresent(found::addDocument);
        }
    }

    private static void addPeople(Found found, Manifest manifest, ChangeRequest request, Snapshot after) {
        request.people().forEach(person -> found.addNamed(About.PERSON, person));
        manifest.contributors().forEach(person -> found.addNamed(About.PERSON, person));
        for (TreeEntry vote : after.list(manifest.change().folder() + "/votes")) {
            found.addNamed(About.PERSON, vote.name().substring(0, vote.name().indexOf('.')));
        }
    }

    /** Gathers facts. */
    private static final class Found {
        private final Set<Fact> facts = new HashSet<>();

        void addNamed(About about, String subject) {
            facts.add(new Fact(about, subject));
            addWords(subject);
        }

        void addWords(String text) {
            Words.eachOf(text, word -> facts.add(Fact.word(word)));
        }

        void addDocument(Document document) {
            addNamed(About.DOCUMENT, document.kind().label() + "/" + document.name());
            if (document.kind() == Kind.SYSTEM_CONFIG) {
                addNamed(About.SYSTEM, document.name());
            } else if (document.kind() == Kind.TARGET) {
                addNamed(About.TARGET, document.name());
            } else if (document.kind() == Kind.KEY_INVENTORY) {
                addNamed(About.KEY, document.name());
            } else if (document.kind() == Kind.PERSON) {
                addNamed(About.PERSON, document.name());
            }
        }

        void addTexts(@Nullable Object value) {
            if (value instanceof String text) {
                addWords(text);
            } else if (value instanceof Map<?, ?> members) {
                members.values().forEach(this::addTexts);
            } else if (value instanceof Collection<?> elements) {
                elements.forEach(this::addTexts);
            }
        }
    }
}
