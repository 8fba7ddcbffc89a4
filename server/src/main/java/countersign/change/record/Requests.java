package countersign.change.record;

import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.gate.Requirements;
import countersign.manifest.ChangeId;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Operation;
import countersign.manifest.assessment.Assessment;
import countersign.manifest.assessment.Declared;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.time.Instant;
import java.util.Optional;

/** Makes the projection of a change from its record and the request in its newest revision. Thread-safe. */
public final class Requests {
    private final Repository repository;
    private final DocumentReader documents;

    public Requests(Repository repository, DocumentReader documents) {
        this.repository = repository;
        this.documents = documents;
    }

    public Change change(OpenRecords.Entry entry, ChangeState state) {
        return change(repository, entry, state);
    }

    /** The request of a change in a tree. */
    public Optional<ChangeRequest> request(Snapshot tree, ChangeId id) {
        return documents.find(tree, id.document()).map(ChangeRequest::of);
    }

    /** The same, where the newest revision is only in a view of the repository. */
    public Change change(Repository view, OpenRecords.Entry entry, ChangeState state) {
        String tip = entry.revisions().get(entry.revisions().size() - 1).commit();
        ChangeRequest request = request(view.snapshot(tip), entry.id())
                .orElseGet(() -> new ChangeRequest(
                        entry.id(),
                        entry.id().name(),
                        "normal",
                        entry.revisions().get(0).uploader(),
                        java.util.List.of(),
                        Operation.APPLY,
                        null,
                        null,
                        null,
                        null,
                        Declared.NOTHING,
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
                java.util.List.of(),
                request.template(),
                due(request, entry.revisions().get(0).at()));
    }

    /** By the tables of main as it is now. */
    private Change.Due due(ChangeRequest request, Instant opened) {
        Assessment tables = repository
                .findRef(Repository.MAIN)
                .map(main -> Assessment.of(repository.snapshot(main), documents))
                .orElse(Assessment.USUAL);
        int priority = tables.priority(request.declared(), Requirements.isEmergency(request));
        return new Change.Due(priority, tables.decideBy(priority, opened), null);
    }
}
