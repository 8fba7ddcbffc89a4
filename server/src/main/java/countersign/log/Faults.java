package countersign.log;

/**
 * Points at which a test may end the program, as a crash would. The program itself uses {@link #NONE}.
 */
@FunctionalInterface
public interface Faults {
    /** Nothing ever happens. */
    Faults NONE = point -> {};

    /** Tells that the program is about to go past a point; what it throws is not caught. */
    void reach(String point);
}
