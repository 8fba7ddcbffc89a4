package countersign.policy.cel;

/** What the rules of a policy are evaluated once for; it decides which variables they see. */
public enum Subject {
    /** Each touched path that matches: rules see {@code object}, {@code oldObject}, {@code path} and so on. */
    DOCUMENT,
    /** The change, if any touched path matches. */
    CHANGE
}
