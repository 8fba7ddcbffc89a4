package countersign.change;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Refusal;
import countersign.gate.vote.Decision;
import countersign.log.LogEntry;
import countersign.repository.object.InMemoryRepository;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A merge entry stands behind exactly the votes that the merge looked at, whoever votes meanwhile. */
final class VoteDuringMergeTest {
    private static final long LONG_ENOUGH_TO_SLIP_IN = 500;

    private final AtomicReference<CompletableFuture<Void>> rejection = new AtomicReference<>();
    private Shop shop;

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void a_rejection_that_comes_while_the_merge_is_judged_does_not_stand_before_its_entry(@TempDir Path folder) {
        shop = Shop.open(folder, new InMemoryRepository(), this::reach);
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");

        shop.changes().merge("raise-timeout");

        assertThat(LogEntry.parse(shop.log().entry(shop.log().size() - 1))).isInstanceOf(LogEntry.Merge.class);
        assertThat(rejection.get())
                .failsWithin(60, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("decision-does-not-fit"));
    }

    /** The gate has been judged and the entry is not written yet: the moment at which a vote must not get in. */
    private void reach(String point) {
        if (point.equals("merge-after-commit")) {
            rejection.set(CompletableFuture.runAsync(
                    () -> shop.vote("raise-timeout", "frank", Decision.REJECT, "change-control")));
            waitForIt();
        }
    }

    private void waitForIt() {
        try {
            rejection.get().get(LONG_ENOUGH_TO_SLIP_IN, TimeUnit.MILLISECONDS);
        } catch (TimeoutException waits) {
            // as it should
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }
}
