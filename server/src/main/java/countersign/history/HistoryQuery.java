package countersign.history;

import countersign.codec.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which merges are wanted; all conditions must hold.
 *
 * @param facts what they must have
 * @param start with what one of their words must begin; null for anything
 * @param since only T not before this; null for genesis
 * @param until only T not after this; null for now
 * @param before only smaller sequence numbers; null for all
 * @param limit at most this many a page, 1 to {@value #MAX_LIMIT}
 */
public record HistoryQuery(
        List<Fact> facts,
        @Nullable String start,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable Long before,
        int limit) {
    public static final int MAX_LIMIT = 200;

    private static final int MAX_TYPED = 200;
    private static final int MAX_WORDS = 32;
    private static final int MIN_START = 2;

    public HistoryQuery {
        facts = List.copyOf(facts);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new Refusal("limit-out-of-range", "limit must be 1 to " + MAX_LIMIT + ", is " + limit);
        }
    }

    /** Everything, newest first. */
    public static HistoryQuery everything(int limit) {
        return new HistoryQuery(List.of(), null, null, null, null, limit);
    }

    /** The same, for merges that have a fact too. */
    public HistoryQuery with(Fact fact) {
        List<Fact> more = new ArrayList<>(facts);
        more.add(fact);
        return new HistoryQuery(more, start, since, until, before, limit);
    }

    /** The same, between two times, both included; null for no bound. */
    public HistoryQuery between(@Nullable Instant from, @Nullable Instant to) {
        return new HistoryQuery(facts, start, from, to, before, limit);
    }

    /** The same, from where the page before ended. */
    public HistoryQuery before(@Nullable Long seq) {
        return new HistoryQuery(facts, start, since, until, seq, limit);
    }

    /**
     * The same, for merges that have all words of a text too, the last of them perhaps only begun. A Refusal
     * {@code search-too-long} above {@value #MAX_TYPED} characters or {@value #MAX_WORDS} words, and
     * {@code nothing-to-search} if there is no word in it.
     */
    public HistoryQuery searching(String typed) {
        if (typed.length() > MAX_TYPED) {
            throw new Refusal("search-too-long", "a search has at most " + MAX_TYPED + " characters");
        }
        List<String> words = Words.wanted(typed);
        if (words.isEmpty()) {
            throw new Refusal("nothing-to-search", "there is no letter and no digit in the search");
        }
        if (words.size() > MAX_WORDS) {
            throw new Refusal(
                    "search-too-long", "a search has at most " + MAX_WORDS + " words, this has " + words.size());
        }
        String last = words.get(words.size() - 1);
        boolean open = Words.endsOpen(typed) && last.length() >= MIN_START;
        Set<String> whole = new TreeSet<>(open ? words.subList(0, words.size() - 1) : words);
        List<Fact> more = new ArrayList<>(facts);
        whole.forEach(word -> more.add(Fact.word(word)));
        return new HistoryQuery(more, open ? last : null, since, until, before, limit);
    }
}
