package countersign.document.reference;

import countersign.codec.Place;

/**
 * That one document names another.
 *
 * @param from the document that names
 * @param path its path
 * @param pointer where in it the name stands
 * @param place the same with line and column
 * @param to the document that is named, whether it exists or not
 * @param relation what it means
 */
public record Reference(
        DocumentName from, String path, String pointer, Place place, DocumentName to, Relation relation) {
    /** The field without {@code /spec/}: {@code targets/0}. */
    String field() {
        return pointer.substring("/spec/".length());
    }
}
