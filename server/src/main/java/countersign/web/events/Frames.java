package countersign.web.events;

import countersign.change.event.Event;
import countersign.change.event.EventLog;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Events as server-sent events, each made once for all who watch. Thread-safe: what is kept is replaced as a whole. */
final class Frames {
    private static final int KEPT = 1_024;

    private final EventLog log;
    private final AtomicReferenceArray<@Nullable Frame> kept = new AtomicReferenceArray<>(KEPT);

    Frames(EventLog log) {
        this.log = log;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Frame(long seq, byte[] bytes) {}

    /** The bytes of an event; not to be altered. */
    byte[] of(Event event) {
        int place = (int) (event.seq() % KEPT);
        Frame known = kept.get(place);
        if (known == null || known.seq != event.seq()) {
            known = new Frame(event.seq(), make(event));
            kept.set(place, known);
        }
        return known.bytes;
    }

    private byte[] make(Event event) {
        String id = log.cursor(event.seq()).toString();
        String frame = "id: " + id + "\nevent: " + event.type().label() + "\ndata: "
                + event.json(log.cursor(event.seq())) + "\n\n";
        return frame.getBytes(StandardCharsets.UTF_8);
    }
}
