package countersign.document.reference;

import countersign.document.Document;
import java.util.Optional;

/** The documents of one tree by their names. */
public interface NamedDocuments {
    /** Whether a document of this name stands there, even if it is wrong. */
    boolean exists(DocumentName name);

    /** The document of a name; empty if there is none or it is wrong. */
    Optional<Document> find(DocumentName name);
}
