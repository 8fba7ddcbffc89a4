package countersign.change;

import countersign.codec.Refusal;
import countersign.repository.Edit;
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
}
