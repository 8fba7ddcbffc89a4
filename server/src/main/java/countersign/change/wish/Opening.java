package countersign.change.wish;

import countersign.codec.Refusal;
import countersign.manifest.ChangeId;
import countersign.repository.Edit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Content of a change that somebody sends without Git.
 *
 * @param message commit message; one is made if it is blank
 * @param edits what is to stand at which path, the ChangeRequest included; at least one
 */
public record Opening(String message, Map<String, Edit> edits) {
    public Opening {
        edits = Map.copyOf(new TreeMap<>(edits));
        if (edits.isEmpty()) {
            throw new Refusal("empty-change", "a change edits at least one path");
        }
    }

    /** The one change whose request it adds; refuses {@code no-change-request} any other number of them. */
    public ChangeId change() {
        List<ChangeId> requests = edits.keySet().stream()
                .flatMap(path -> ChangeId.ofDocument(path).stream())
                .toList();
        if (requests.size() != 1) {
            throw new Refusal(
                    "no-change-request",
                    "the edits hold " + requests.size() + " ChangeRequests, exactly one is needed",
                    "add changes/<yyyy-mm-dd>/<name>.yaml");
        }
        return requests.get(0);
    }
}
