package countersign.change.stop;

import countersign.gate.stop.LoggedStop;
import java.util.Optional;

/** Whether everything is stopped now. Thread-safe. */
public final class StopSwitch {
    private volatile Optional<LoggedStop> standing = Optional.empty();

    /** The stop that stands, if one does. */
    public Optional<LoggedStop> standing() {
        return standing;
    }

    /** Takes note of an order in the log; in the order of the log. */
    public void note(LoggedStop logged) {
        standing = logged.stops() ? Optional.of(logged) : Optional.empty();
    }
}
