package countersign.history;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The merges of the past and what they can be found by: a projection of the record log and the trees that it names.
 * Thread-safe. Of the merges that one {@link #advance} adds, a crash takes all or none, together with its mark.
 */
public interface HistoryStore {
    /** How many entries of the record log it has seen. */
    long indexed();

    /**
     * Adds merges and moves the mark, if the mark stands where the caller thinks it stands; otherwise does nothing.
     *
     * @param from the mark that the caller knows
     * @param to the new mark
     * @param merges every merge among the log's entries from the one to the other
     * @return whether it moved
     */
    boolean advance(long from, long to, List<IndexedMerge> merges);

    /** Forgets everything. */
    void clear();

    /** The newest merge whose T is not after a time; of several with the same T the last. */
    Optional<PastMerge> latest(Instant time);

    /** The merges with these sequence numbers, newest first; those it does not know are left out. */
    List<PastMerge> merges(Collection<Long> seqs);

    /**
     * Sequence numbers of the merges that have a fact, newest first.
     *
     * @param below only smaller ones
     * @param limit at most this many, at least 1
     */
    List<Long> postings(Fact fact, long below, int limit);

    /** The words that begin with a text, in the order of their UTF-8 bytes, at most {@code limit}. */
    List<String> words(String start, int limit);
}
