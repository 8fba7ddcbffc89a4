package countersign.document.reference;

import countersign.document.Document;
import countersign.document.Kind;

/**
 * What a document is called throughout a tree.
 *
 * @param kind its kind
 * @param name its name
 */
public record DocumentName(Kind kind, String name) implements Comparable<DocumentName> {
    public static DocumentName of(Document document) {
        return new DocumentName(document.kind(), document.name());
    }

    @Override
    public int compareTo(DocumentName other) {
        int order = kind.compareTo(other.kind);
        return order == 0 ? name.compareTo(other.name) : order;
    }

    /** As people say it: {@code Target web-1}. */
    @Override
    public String toString() {
        return kind.label() + " " + name;
    }
}
