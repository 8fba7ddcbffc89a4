package countersign.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TokensTest {
    /** The common pool may have one thread only. */
    private static final Executor OWN_THREAD = work -> new Thread(work).start();

    private final InMemoryTokenStore store = new InMemoryTokenStore();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final Tokens tokens = new Tokens(store, () -> now, new SecureRandom());

    @Test
    void an_issued_token_is_verified_by_its_secret() {
        Tokens.Issued issued = issue(Duration.ofDays(1));

        assertThat(tokens.verify(issued.secret())).contains(issued.token());
        assertThat(issued.secret()).startsWith("cst_" + issued.token().id() + "_");
    }

    @Test
    void no_two_tokens_are_alike() {
        assertThat(issue(Duration.ofDays(1)).secret())
                .isNotEqualTo(issue(Duration.ofDays(1)).secret());
    }

    @Test
    void a_secret_with_one_other_digit_is_not_accepted() {
        String secret = issue(Duration.ofDays(1)).secret();
        char last = secret.charAt(secret.length() - 1);
        String altered = secret.substring(0, secret.length() - 1) + (last == '0' ? '1' : '0');

        assertThat(tokens.verify(altered)).isEmpty();
    }

    @Test
    void the_secret_of_one_token_does_not_open_another() {
        String ann = issue(Duration.ofDays(1)).secret();
        String bob = issue(Duration.ofDays(1)).secret();
        String mixed = ann.substring(0, 21) + bob.substring(21);

        assertThat(tokens.verify(mixed)).isEmpty();
    }

    @Test
    void what_is_no_token_is_not_accepted() {
        assertThat(tokens.verify("")).isEmpty();
        assertThat(tokens.verify("cst_")).isEmpty();
        assertThat(tokens.verify("x".repeat(1_000_000))).isEmpty();
    }

    @Test
    void a_token_counts_until_it_expires_and_not_at_that_moment() {
        Tokens.Issued issued = issue(Duration.ofHours(1));

        now = issued.token().expires().minusMillis(1);
        assertThat(tokens.verify(issued.secret())).isPresent();
        now = issued.token().expires();
        assertThat(tokens.verify(issued.secret())).isEmpty();
    }

    @Test
    void a_revoked_token_counts_no_more_at_once() {
        Tokens.Issued issued = issue(Duration.ofDays(1));
        tokens.verify(issued.secret());

        tokens.revoke(issued.token().id());

        assertThat(tokens.verify(issued.secret())).isEmpty();
    }

    @Test
    void memory_knows_a_token_once_it_was_verified_and_until_it_is_revoked_or_forgotten() {
        Tokens.Issued issued = issue(Duration.ofDays(1));
        assertThat(tokens.verifyFromMemory(issued.secret())).isEmpty();

        tokens.verify(issued.secret());

        assertThat(tokens.verifyFromMemory(issued.secret())).contains(issued.token());
        assertThat(tokens.verifyFromMemory(issued.secret().substring(0, 84) + "x"))
                .isEmpty();
        now = now.plus(Tokens.REMEMBERED);
        assertThat(tokens.verifyFromMemory(issued.secret())).isEmpty();
        tokens.verify(issued.secret());
        tokens.revoke(issued.token().id());
        assertThat(tokens.verifyFromMemory(issued.secret())).isEmpty();
    }

    @Test
    void a_token_that_is_revoked_while_it_is_looked_up_is_not_remembered() throws Exception {
        CountDownLatch found = new CountDownLatch(1);
        CountDownLatch revoking = new CountDownLatch(1);
        InMemoryTokenStore kept = new InMemoryTokenStore();
        Tokens slow = new Tokens(new SlowStore(kept, found, revoking), () -> now, new SecureRandom());
        Tokens.Issued issued = slow.issue(new Tokens.Wish("ann", "laptop", Set.of(Scope.READ), Duration.ofDays(1)));

        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> slow.verify(issued.secret()), OWN_THREAD);
        found.await();
        CompletableFuture<Void> revoker =
                CompletableFuture.runAsync(() -> slow.revoke(issued.token().id()), OWN_THREAD);
        CompletableFuture.allOf(reader, revoker).get(60, TimeUnit.SECONDS);

        assertThat(slow.verifyFromMemory(issued.secret())).isEmpty();
        assertThat(slow.verify(issued.secret())).isEmpty();
    }

    @Test
    void a_token_revoked_by_another_process_counts_no_more_when_it_is_looked_up_again() {
        Tokens.Issued issued = issue(Duration.ofDays(1));
        tokens.verify(issued.secret());

        store.delete(issued.token().id());
        now = now.plus(Tokens.REMEMBERED);

        assertThat(tokens.verify(issued.secret())).isEmpty();
    }

    @Test
    void an_unknown_token_can_not_be_revoked() {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> tokens.revoke("00000000000000a1"));

        assertThat(refusal.rule()).isEqualTo("no-such-token");
    }

    @Test
    void a_lifetime_of_more_than_a_year_is_refused() {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> issue(Duration.ofDays(367)));

        assertThat(refusal.rule()).isEqualTo("lifetime-out-of-range");
    }

    @Test
    void a_token_without_scope_is_refused() {
        Refusal refusal = catchThrowableOfType(
                Refusal.class, () -> tokens.issue(new Tokens.Wish("ann", "laptop", Set.of(), Duration.ofDays(1))));

        assertThat(refusal.rule()).isEqualTo("token-without-scope");
    }

    @Test
    void an_issued_token_does_not_print_its_secret() {
        Tokens.Issued issued = issue(Duration.ofDays(1));

        assertThat(issued.toString()).doesNotContain(issued.secret().substring(21));
    }

    private Tokens.Issued issue(Duration lifetime) {
        return tokens.issue(new Tokens.Wish("ann", "laptop", Set.of(Scope.READ), lifetime));
    }

    /** Gives what it has found only once that was deleted. */
    private record SlowStore(InMemoryTokenStore kept, CountDownLatch found, CountDownLatch deleted)
            implements TokenStore {
        @Override
        public void save(Kept token) {
            kept.save(token);
        }

        @Override
        public Optional<Kept> find(String id) {
            Optional<Kept> token = kept.find(id);
            found.countDown();
            try {
                deleted.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return token;
        }

        @Override
        public List<Token> list(String person) {
            return kept.list(person);
        }

        @Override
        public List<Token> list() {
            return kept.list();
        }

        @Override
        public boolean delete(String id) {
            boolean known = kept.delete(id);
            deleted.countDown();
            return known;
        }
    }
}
