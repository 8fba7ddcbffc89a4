package countersign.gate.calendar;

import countersign.document.Document;
import countersign.document.Kind;
import countersign.repository.DocumentReader;
import countersign.repository.Remembered;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads the calendars of trees, each blob once. Thread-safe. */
public final class Calendars {
    private static final int REMEMBERED = 500;

    private final DocumentReader documents;
    private final Remembered<Calendar> read = new Remembered<>(REMEMBERED);

    public Calendars(DocumentReader documents) {
        this.documents = documents;
    }

    /** Whether an entry lets changes through or holds them up. */
    public enum Type {
        WINDOW,
        FREEZE
    }

    /** One time that an entry of a tree's calendars happens. */
    public record Coming(Calendar calendar, Type type, CalendarEntry entry, Occurrence occurrence) {}

    /** The calendars of a tree, in the order of their file names. */
    public List<Calendar> of(Snapshot snapshot) {
        return documents.list(snapshot, Kind.CALENDAR.folder()).stream()
                .filter(document -> document.kind() == Kind.CALENDAR)
                .map(document -> calendar(snapshot, document))
                .toList();
    }

    /** Windows and freezes of which any moment is in a span of time, in the order of their beginnings; at most so many. */
    public List<Coming> between(Snapshot snapshot, Instant from, Instant to, int limit) {
        List<Coming> coming = new ArrayList<>();
        for (Calendar calendar : of(snapshot)) {
            for (Type type : Type.values()) {
                for (CalendarEntry entry : type == Type.WINDOW ? calendar.windows() : calendar.freezes()) {
                    entry.timing()
                            .between(from, to, limit)
                            .forEach(occurrence -> coming.add(new Coming(calendar, type, entry, occurrence)));
                }
            }
        }
        return coming.stream()
                .sorted(Comparator.comparing((Coming one) -> one.occurrence().start()))
                .limit(limit)
                .toList();
    }

    private Calendar calendar(Snapshot snapshot, Document document) {
        String blob = snapshot.find(document.path()).map(TreeEntry::id).orElseThrow();
        return read.get(document.path() + " " + blob, () -> Calendar.of(document));
    }
}
