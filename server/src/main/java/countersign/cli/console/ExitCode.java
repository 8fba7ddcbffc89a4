package countersign.cli.console;

/** What the program tells the shell; 2, a wrong command line, is picocli's. */
public final class ExitCode {
    /** Done, and everything that was checked is good. */
    public static final int DONE = 0;

    /** Refused, or a check found something wrong. */
    public static final int REFUSED = 1;

    /** Disk, network or another process failed. */
    public static final int ENVIRONMENT = 3;

    /** Done, and what was checked is good, but something was found that a person should look at. */
    public static final int FOUND = 4;

    private ExitCode() {}
}
