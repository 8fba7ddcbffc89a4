package countersign.history;

import countersign.access.TrustReader;
import countersign.codec.Refusal;
import countersign.gate.key.RevokedKeys;
import countersign.log.RecordLog;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about the past, each as of the newest entry of the record log. Thread-safe. What a page costs is
 * bounded; no answer leaves anything out silently: where a page ends early, it says where to go on.
 */
public final class History {
    private static final int MAX_STARTED = 200;
    private static final int MAX_ROWS = 50_000;

    private final HistoryIndex index;
    private final HistoryStore store;

    /** Over what the parts hold; reads nothing yet. */
    public History(Parts parts) {
        this.store = parts.store();
        this.index = new HistoryIndex(parts.log(), new MergeReader(parts.repository(), parts.documents()), store);
    }

    /**
     * What the past is read from.
     *
     * @param revoked every key that its owner revoked
     */
    public record Parts(
            Repository repository,
            RecordLog log,
            HistoryStore store,
            DocumentReader documents,
            TrustReader trusts,
            Supplier<Collection<RevokedKeys.Entry>> revoked) {}

    /**
     * Reads every entry of the log that is not yet indexed, so that nobody who asks has to wait for it.
     *
     * @param goOn asked between two pieces of the work; false ends it
     */
    public void catchUp(BooleanSupplier goOn) {
        index.catchUp(goOn);
    }

    /**
     * Some merges, newest first.
     *
     * @param items may be fewer than were asked for
     * @param next {@code before} of the next page; null if there is nothing more
     */
    public record Page(List<PastMerge> items, @Nullable Long next) {
        public Page {
            items = List.copyOf(items);
        }
    }

    /**
     * A page of the merges that meet a query. A Refusal {@code search-too-broad} if more than {@value #MAX_STARTED} words
     * begin with what was typed last.
     */
    public Page list(HistoryQuery query) {
        index.requireCurrent();
        long low = store.latest(before(query.since())).map(PastMerge::seq).orElse(0L) + 1;
        Instant until = query.until() == null ? Instant.MAX : query.until();
        long high = store.latest(until).map(PastMerge::seq).orElse(0L);
        Long before = query.before();
        return page(query, low, before == null ? high : Math.min(high, before - 1));
    }

    /** The last merge that has a fact. */
    public Optional<PastMerge> last(Fact fact) {
        index.requireCurrent();
        return store.merges(store.postings(fact, Long.MAX_VALUE, 1)).stream().findFirst();
    }

    /** The merge that made main what it was at a time; empty before the first. */
    public Optional<PastMerge> latest(Instant time) {
        index.requireCurrent();
        return store.latest(time);
    }

    private Page page(HistoryQuery query, long low, long high) {
        List<Postings> conditions = conditions(query);
        List<Long> found = new ArrayList<>();
        long at = high;
        while (at >= low && found.size() <= query.limit()) {
            long next = lowest(conditions, at);
            if (next < low) {
                break;
            }
            if (next == at) {
                found.add(at);
            }
            at = next == at ? at - 1 : next;
            if (at >= low && found.size() <= query.limit() && rowsRead(conditions) > MAX_ROWS) {
                return new Page(store.merges(found), at + 1);
            }
        }
        boolean more = found.size() > query.limit();
        List<Long> shown = more ? found.subList(0, query.limit()) : found;
        return new Page(store.merges(shown), more ? shown.get(shown.size() - 1) : null);
    }

    /** The number itself if it meets all conditions, else a smaller one above which none does. */
    private static long lowest(List<Postings> conditions, long seq) {
        long lowest = seq;
        for (Postings condition : conditions) {
            lowest = condition.atMost(lowest);
            if (lowest == Postings.NONE) {
                return lowest;
            }
        }
        return lowest;
    }

    private static long rowsRead(List<Postings> conditions) {
        return conditions.stream().mapToLong(Postings::rowsRead).sum();
    }

    private List<Postings> conditions(HistoryQuery query) {
        List<Postings> conditions = new ArrayList<>();
        query.facts().forEach(fact -> conditions.add(Postings.of(store, fact)));
        String start = query.start();
        if (start != null) {
            List<String> words = store.words(start, MAX_STARTED + 1);
            if (words.size() > MAX_STARTED) {
                throw new Refusal(
                        "search-too-broad",
                        "more than " + MAX_STARTED + " words begin with \"" + start + "\"",
                        "type more of the last word, or a space after it");
            }
            conditions.add(Postings.ofAny(store, words));
        }
        return conditions.isEmpty() ? List.of(Postings.all()) : conditions;
    }

    /** The last moment before a time; before every merge if there is none. */
    private static Instant before(@Nullable Instant time) {
        return time == null ? Instant.EPOCH : time.minusNanos(1);
    }
}
