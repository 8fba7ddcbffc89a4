package countersign.change.event;

import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps the newest events of one stream. Thread-safe: events are appended one list at a time, in their order. A crash may
 * take the newest ones that were not {@link #force forced}, together with what they tell of.
 */
public interface EventStore {
    /** Which stream this is: a stream is another one once it has been cleared. */
    String stream();

    /** The place of the newest event; 0 if there never was one. */
    long newest();

    /** The place before the oldest event that is kept. */
    long dropped();

    /** Events behind a place, oldest first. */
    List<Event> list(long after, int limit);

    void append(List<Happening> happenings);

    /** Everything appended so far survives a power cut. */
    void force();

    /** Forgets events up to a place. */
    void drop(long upTo);

    /** Forgets everything, and begins another stream. */
    void clear();

    /** Names the one who is told of events once they are kept, in their order, by whoever appended them; it must not wait. */
    void tell(Consumer<List<Event>> listener);
}
