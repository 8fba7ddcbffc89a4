package countersign.change.record;

import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.Rescheduling;
import countersign.codec.Refusal;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /** When a change may merge, and how that came about. */
    public Schedule schedule(Change change) {
        List<Rescheduling> moved = new ArrayList<>();
        for (int index = 1; index < change.revisions().size(); index++) {
            rescheduling(change, index).ifPresent(moved::add);
        }
        return new Schedule(window(change, change.revisions().size() - 1), moved);
    }

    /**
     * What a push did to the window of a change; empty if it left it where it was.
     *
     * @param index of the revision, from 1: the first push moves nothing
     */
    public Optional<Rescheduling> rescheduling(Change change, int index) {
        ChangeRequest.Window from = window(change, index - 1);
        ChangeRequest.Window to = window(change, index);
        Change.Revision revision = change.revisions().get(index);
        return Objects.equals(from, to)
                ? Optional.empty()
                : Optional.of(new Rescheduling(
                        index + 1, from, to, reason(change, revision), revision.uploader(), revision.at()));
    }

    /** A request that can't be read names none. */
    private ChangeRequest.@Nullable Window window(Change change, int index) {
        try {
            return request(repository.snapshot(change.revisions().get(index).commit()), change.id())
                    .map(ChangeRequest::window)
                    .orElse(null);
        } catch (Refusal unreadable) {
            return null;
        }
    }

    private String reason(Change change, Change.Revision revision) {
        Optional<String> said = Optional.empty();
        try {
            said = documents
                    .find(repository.snapshot(revision.commit()), change.id().document())
                    .flatMap(request -> Optional.ofNullable(request.spec().objectOrNull("window")))
                    .flatMap(window -> Optional.ofNullable(window.textOrNull("reason")));
        } catch (Refusal unreadable) {
            // The commit has a message all the same.
        }
        return said.orElseGet(() -> repository
                .getCommit(revision.commit())
                .message()
                .strip()
                .lines()
                .findFirst()
                .orElse(""));
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
