package countersign.history;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.history.Fact.About;
import countersign.manifest.ChangeId;
import countersign.manifest.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of the past promises. */
public abstract class HistoryStoreContract {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Fact CHECKOUT = new Fact(About.SYSTEM, "checkout");
    private static final Fact ANN = new Fact(About.PERSON, "ann");

    private HistoryStore store;

    protected abstract HistoryStore store();

    @BeforeEach
    void opens() {
        store = store();
    }

    @Test
    void a_new_store_knows_nothing() {
        assertThat(store.indexed()).isZero();
        assertThat(store.latest(Instant.MAX)).isEmpty();
        assertThat(store.postings(CHECKOUT, Long.MAX_VALUE, 10)).isEmpty();
        assertThat(store.words("", 10)).isEmpty();
        assertThat(store.merges(List.of())).isEmpty();
    }

    @Test
    void what_was_added_comes_back_unaltered_and_newest_first() {
        PastMerge plain = merge(1, NOON);
        PastMerge rollback = new PastMerge(
                2,
                9,
                NOON.plusSeconds(60),
                ChangeId.parse("2026-11-21/rollback-20261121-raise-cache"),
                "Zurück: 缓存 \"=1\"",
                Operation.ROLLBACK,
                ChangeId.parse("2026-11-21/raise-cache"),
                "emergency",
                "ann",
                "b".repeat(40),
                "c".repeat(40));

        store.advance(0, 10, List.of(indexed(plain), indexed(rollback)));

        assertThat(store.merges(List.of(1L, 2L, 3L))).containsExactly(rollback, plain);
        assertThat(store.indexed()).isEqualTo(10);
    }

    @Test
    void entries_that_were_seen_already_change_nothing() {
        store.advance(0, 5, List.of(indexed(merge(1, NOON), CHECKOUT)));

        boolean again = store.advance(0, 5, List.of(indexed(merge(1, NOON), CHECKOUT)));
        boolean gap = store.advance(6, 9, List.of(indexed(merge(2, NOON), CHECKOUT)));

        assertThat(again).isFalse();
        assertThat(gap).isFalse();
        assertThat(store.indexed()).isEqualTo(5);
        assertThat(store.postings(CHECKOUT, Long.MAX_VALUE, 10)).containsExactly(1L);
        assertThat(store.merges(List.of(1L, 2L))).hasSize(1);
    }

    @Test
    void the_merges_of_a_fact_come_newest_first_in_pieces() {
        store.advance(
                0,
                5,
                List.of(
                        indexed(merge(1, NOON), CHECKOUT),
                        indexed(merge(2, NOON), CHECKOUT, ANN),
                        indexed(merge(3, NOON), ANN),
                        indexed(merge(4, NOON), CHECKOUT)));

        assertThat(store.postings(CHECKOUT, Long.MAX_VALUE, 2)).containsExactly(4L, 2L);
        assertThat(store.postings(CHECKOUT, 2, 2)).containsExactly(1L);
        assertThat(store.postings(ANN, 3, 2)).containsExactly(2L);
        assertThat(store.postings(new Fact(About.SYSTEM, "ann"), Long.MAX_VALUE, 2))
                .isEmpty();
    }

    @Test
    void the_latest_merge_at_a_time_is_the_last_of_that_second() {
        store.advance(
                0,
                5,
                List.of(
                        indexed(merge(1, NOON)),
                        indexed(merge(2, NOON.plusSeconds(5))),
                        indexed(merge(3, NOON.plusSeconds(5))),
                        indexed(merge(4, NOON.plusSeconds(9)))));

        assertThat(store.latest(NOON.minusNanos(1))).isEmpty();
        assertThat(store.latest(NOON)).map(PastMerge::seq).contains(1L);
        assertThat(store.latest(NOON.plusMillis(5999))).map(PastMerge::seq).contains(3L);
        assertThat(store.latest(Instant.MAX)).map(PastMerge::seq).contains(4L);
        assertThat(store.latest(Instant.EPOCH)).isEmpty();
    }

    @Test
    void words_are_found_by_their_start_each_once_in_the_order_of_utf8() {
        store.advance(
                0,
                5,
                List.of(
                        indexed(merge(1, NOON), words("cache", "cachet", "call", "缓存", "缓")),
                        indexed(merge(2, NOON), words("cache", "ca", "cb", "\uD83D\uDE00", "\uFF5E"))));

        assertThat(store.words("ca", 10)).containsExactly("ca", "cache", "cachet", "call");
        assertThat(store.words("ca", 2)).containsExactly("ca", "cache");
        assertThat(store.words("缓", 10)).containsExactly("缓", "缓存");
        assertThat(store.words("z", 10)).isEmpty();
        assertThat(store.words("", 20)).endsWith("\uFF5E", "\uD83D\uDE00");
    }

    @Test
    void long_subjects_that_differ_only_at_their_end_are_told_apart() {
        String folder = "systems/" + "缓".repeat(1000) + "/";
        Fact left = new Fact(About.PATH, folder + "a");
        Fact right = new Fact(About.PATH, folder + "b");

        store.advance(0, 5, List.of(indexed(merge(1, NOON), left), indexed(merge(2, NOON), right)));

        assertThat(store.postings(left, Long.MAX_VALUE, 9)).containsExactly(1L);
        assertThat(store.postings(right, Long.MAX_VALUE, 9)).containsExactly(2L);
    }

    @Test
    void clearing_forgets_everything() {
        store.advance(0, 5, List.of(indexed(merge(1, NOON), CHECKOUT)));

        store.clear();

        assertThat(store.indexed()).isZero();
        assertThat(store.latest(Instant.MAX)).isEmpty();
        assertThat(store.postings(CHECKOUT, Long.MAX_VALUE, 10)).isEmpty();
    }

    private static Fact[] words(String... words) {
        return List.of(words).stream().map(Fact::word).toArray(Fact[]::new);
    }

    private static IndexedMerge indexed(PastMerge merge, Fact... facts) {
        return new IndexedMerge(merge, Set.of(facts));
    }

    private static PastMerge merge(long seq, Instant time) {
        return new PastMerge(
                seq,
                seq * 3,
                time,
                ChangeId.parse("2026-11-21/raise-cache-" + seq),
                "Raise the cache",
                Operation.APPLY,
                null,
                "normal",
                "ann",
                "a".repeat(40),
                "b".repeat(40));
    }
}
