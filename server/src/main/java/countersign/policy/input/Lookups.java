package countersign.policy.input;

import countersign.document.Document;
import countersign.document.Kind;
import java.time.Instant;
import java.util.Optional;

/**
 * What rules may ask by name. The same tree and the same log give the same answers, so that who plays a decision again comes to
 * the same.
 */
public interface Lookups {
    /** The document of a kind and a name in the tree as it would stand after the change. */
    Optional<Document> find(Kind kind, String name);

    /** How many changes failed at a system by the receipts that were logged behind a moment. */
    long failures(String system, Instant behind);

    /** Nothing has a name, and nothing failed. */
    static Lookups none() {
        return new Lookups() {
            @Override
            public Optional<Document> find(Kind kind, String name) {
                return Optional.empty();
            }

            @Override
            public long failures(String system, Instant behind) {
                return 0;
            }
        };
    }
}
