package countersign.change;

import countersign.document.Document;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Operation;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import java.util.Optional;

/** Makes the projection of a change from its record and the request in its newest revision. Thread-safe. */
final class Requests {
    private final Repository repository;
    private final DocumentReader documents;

    Requests(Repository repository, DocumentReader documents) {
        this.repository = repository;
        this.documents = documents;
    }

    Change change(OpenRecords.Entry entry, ChangeState state) {
        return change(repository, entry, state);
    }

    /** The same, where the newest revision is only in a view of the repository. */
    Change change(Repository view, OpenRecords.Entry entry, ChangeState state) {
        String tip = entry.revisions().get(entry.revisions().size() - 1).commit();
        Optional<Document> document =
                documents.find(view.snapshot(tip), entry.id().document());
        ChangeRequest request = document.map(ChangeRequest::of)
                .orElseGet(() -> new ChangeRequest(
                        entry.id(),
                        entry.id().name(),
                        "normal",
                        entry.revisions().get(0).uploader(),
                        java.util.List.of(),
                        Operation.APPLY,
                        null,
                        null,
                        null));
        return new Change(
                entry.number(),
                entry.id(),
                request.title(),
                request.type(),
                request.operation(),
                request.of(),
                request.requester(),
                state,
                entry.revisions(),
                null,
                java.util.List.of());
    }
}
