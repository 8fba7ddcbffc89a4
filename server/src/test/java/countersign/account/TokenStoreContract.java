package countersign.account;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every keeper of tokens promises. */
public abstract class TokenStoreContract {
    private static final Instant MORNING = Instant.parse("2026-11-21T08:00:00Z");

    private TokenStore store;

    protected abstract TokenStore store();

    @BeforeEach
    void opens() {
        store = store();
    }

    @Test
    void what_was_kept_is_found_unaltered() {
        TokenStore.Kept kept = kept("00000000000000a1", "ann", MORNING);

        store.save(kept);

        assertThat(store.find("00000000000000a1")).contains(kept);
    }

    @Test
    void an_unknown_id_finds_nothing() {
        store.save(kept("00000000000000a1", "ann", MORNING));

        assertThat(store.find("00000000000000a2")).isEmpty();
    }

    @Test
    void tokens_are_listed_newest_first_for_one_and_for_all() {
        store.save(kept("00000000000000a1", "ann", MORNING));
        store.save(kept("00000000000000b1", "bob", MORNING.plusSeconds(1)));
        store.save(kept("00000000000000a2", "ann", MORNING.plusSeconds(2)));

        assertThat(store.list("ann")).extracting(Token::id).containsExactly("00000000000000a2", "00000000000000a1");
        assertThat(store.list())
                .extracting(Token::id)
                .containsExactly("00000000000000a2", "00000000000000b1", "00000000000000a1");
        assertThat(store.list("cyd")).isEmpty();
    }

    @Test
    void a_deleted_token_is_gone_and_can_not_be_deleted_again() {
        store.save(kept("00000000000000a1", "ann", MORNING));

        boolean first = store.delete("00000000000000a1");
        boolean second = store.delete("00000000000000a1");

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(store.find("00000000000000a1")).isEmpty();
        assertThat(store.list()).isEmpty();
    }

    private static TokenStore.Kept kept(String id, String person, Instant createdAt) {
        Token token = new Token(
                id, person, "laptop: 笔记本", Set.of(Scope.READ, Scope.VOTE), createdAt, createdAt.plusSeconds(3600));
        return new TokenStore.Kept(token, Sha256.of(id.getBytes(StandardCharsets.US_ASCII)));
    }
}
