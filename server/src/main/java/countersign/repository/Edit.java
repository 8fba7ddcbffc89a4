package countersign.repository;

/** What is to stand at one path: new bytes, a blob that already exists, or nothing. */
public sealed interface Edit {
    /** New bytes. */
    record Write(FileMode mode, byte[] bytes) implements Edit {}

    /** A blob the repository already holds. */
    record Link(FileMode mode, String blobId) implements Edit {}

    /** The path is to be absent; no error if it already is. */
    record Delete() implements Edit {}
}
