package countersign.apply;

/** Where a merged change, or one unit of it, stands on its way to its targets. */
public enum ApplyState {
    /** Nothing was done yet. */
    PENDING,
    /** Being brought forward, or back. */
    APPLYING,
    /** Stands, healthy. */
    APPLIED,
    /** Did not work; what stood before stands again. */
    ROLLED_BACK,
    /** Did not work, and something needs a person. */
    FAILED,
    /** Was not tried and won't be. */
    HELD,
    /** Was not tried, because a later merge of the same unit was due. */
    SUPERSEDED;

    /** Whether nothing will happen any more by itself. */
    public boolean settled() {
        return this != PENDING && this != APPLYING;
    }
}
