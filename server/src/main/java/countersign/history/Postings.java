package countersign.history;

import java.util.List;

/** Sequence numbers of merges in falling order, read in pieces as they are asked for. Used by one thread. */
interface Postings {
    /** Instead of a sequence number where there is none. */
    long NONE = 0;

    /** The largest of them that is not above a number, or {@link #NONE}. The numbers asked for must not rise. */
    long atMost(long seq);

    /** How many rows were read for it so far. */
    long rowsRead();

    /** Every number from 1 on. */
    static Postings all() {
        return new Postings() {
            @Override
            public long atMost(long seq) {
                return seq;
            }

            @Override
            public long rowsRead() {
                return 0;
            }
        };
    }

    static Postings of(HistoryStore store, Fact fact) {
        return new OfFact(store, fact, OfFact.FIRST);
    }

    /** Those that have any of the words. */
    static Postings ofAny(HistoryStore store, List<String> words) {
        List<OfFact> each = words.stream()
                .map(word -> new OfFact(store, Fact.word(word), OfFact.FIRST_OF_MANY))
                .toList();
        return new Postings() {
            @Override
            public long atMost(long seq) {
                return each.stream().mapToLong(one -> one.atMost(seq)).max().orElse(NONE);
            }

            @Override
            public long rowsRead() {
                return each.stream().mapToLong(OfFact::rowsRead).sum();
            }
        };
    }

    /** The merges of one fact: pieces grow as long as they are read to their end, and start small after a leap. */
    final class OfFact implements Postings {
        private static final int FIRST = 64;
        private static final int FIRST_OF_MANY = 8;
        private static final int LARGEST = 1024;

        private final HistoryStore store;
        private final Fact fact;
        private final int first;
        private List<Long> piece = List.of();
        private int at;
        private int size;
        private boolean complete;
        private long rowsRead;

        private OfFact(HistoryStore store, Fact fact, int first) {
            this.store = store;
            this.fact = fact;
            this.first = first;
            this.size = first;
        }

        @Override
        public long atMost(long seq) {
            while (true) {
                while (at < piece.size() && piece.get(at) > seq) {
                    at++;
                }
                if (at < piece.size()) {
                    return piece.get(at);
                }
                if (complete) {
                    return NONE;
                }
                read(seq);
            }
        }

        private void read(long seq) {
            size = piece.isEmpty() || leapsTo(seq) ? first : Math.min(size * 4, LARGEST);
            piece = store.postings(fact, seq + 1, size);
            rowsRead += piece.size() + 1;
            complete = piece.size() < size;
            at = 0;
        }

        /** Whether a number lies farther below the piece than the piece is long. */
        private boolean leapsTo(long seq) {
            long last = piece.get(piece.size() - 1);
            return last - seq > piece.get(0) - last + 1;
        }

        @Override
        public long rowsRead() {
            return rowsRead;
        }
    }
}
