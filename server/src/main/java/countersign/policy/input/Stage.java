package countersign.policy.input;

/** When a change is judged. */
public enum Stage {
    /** A branch has been pushed, or is about to be. */
    PUSH,
    /** An open change waits for what is missing. */
    GATE,
    /** The merge is being made. */
    MERGE
}
