package countersign.document.reference;

/** What it means that one document names another. */
enum Relation {
    /** A system is put over a system. */
    BASE,
    /** A system is applied to a target. */
    TARGET,
    /** A system needs a system. */
    DEPENDENCY,
    /** A system starts after a system. */
    START,
    /** A system has a package. */
    PACKAGE,
    /** A system uses a key. */
    KEY,
    /** A key is used by a system. */
    USER,
    /** A package needs a package. */
    REQUIREMENT,
    /** A key replaces a key. */
    PREDECESSOR,
    /** An agreement covers a system. */
    SERVICE,
    /** A request names what it is about, which it may remove. */
    REQUEST,
    /** Anything else: a person, a policy, a calendar, a template. */
    OTHER;

    /** Whether following it must never lead back. */
    boolean isOrder() {
        return this == DEPENDENCY || this == START || this == REQUIREMENT || this == PREDECESSOR;
    }
}
