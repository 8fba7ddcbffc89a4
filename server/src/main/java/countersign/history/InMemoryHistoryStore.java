package countersign.history;

import countersign.codec.CanonicalJson;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The past in memory. Thread-safe: every method holds its lock. */
public final class InMemoryHistoryStore implements HistoryStore {
    private final TreeMap<Long, PastMerge> merges = new TreeMap<>();
    private final Map<Fact, NavigableSet<Long>> facts = new HashMap<>();
    private final TreeSet<String> words = new TreeSet<>(CanonicalJson.UTF8_ORDER);
    private long indexed;

    @Override
    public synchronized long indexed() {
        return indexed;
    }

    @Override
    public synchronized boolean advance(long from, long to, List<IndexedMerge> added) {
        if (from != indexed) {
            return false;
        }
        for (IndexedMerge each : added) {
            merges.put(each.merge().seq(), each.merge());
            each.facts().forEach(fact -> add(fact, each.merge().seq()));
        }
        indexed = to;
        return true;
    }

    private void add(Fact fact, long seq) {
        facts.computeIfAbsent(fact, ignored -> new TreeSet<>()).add(seq);
        if (fact.about() == Fact.About.WORD) {
            words.add(fact.subject());
        }
    }

    @Override
    public synchronized void clear() {
        merges.clear();
        facts.clear();
        words.clear();
        indexed = 0;
    }

    @Override
    public synchronized Optional<PastMerge> latest(Instant time) {
        return merges.descendingMap().values().stream()
                .filter(merge -> !merge.time().isAfter(time))
                .findFirst();
    }

    @Override
    public synchronized List<PastMerge> merges(Collection<Long> seqs) {
        return seqs.stream()
                .map(merges::get)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(PastMerge::seq).reversed())
                .toList();
    }

    @Override
    public synchronized List<Long> postings(Fact fact, long below, int limit) {
        NavigableSet<Long> seqs = facts.getOrDefault(fact, new TreeSet<>());
        return seqs.headSet(below, false).descendingSet().stream().limit(limit).toList();
    }

    @Override
    public synchronized List<String> words(String start, int limit) {
        return words.tailSet(start).stream()
                .takeWhile(word -> word.startsWith(start))
                .limit(limit)
                .toList();
    }
}
