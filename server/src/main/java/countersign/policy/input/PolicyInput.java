package countersign.policy.input;

import java.time.Instant;
import java.util.List;

/**
 * All that policies judge, fixed at one moment; the same input gives the same report.
 *
 * @param change the change as a whole
 * @param documents every path that it touches, in the order of the manifest
 * @param facts what rules may ask beyond that
 * @param now the time that the decision is made for
 * @param stage when in the life of the change
 */
public record PolicyInput(ChangeFacts change, List<DocumentChange> documents, Facts facts, Instant now, Stage stage) {
    public PolicyInput {
        documents = List.copyOf(documents);
    }
}
