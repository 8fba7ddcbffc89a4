package countersign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.codec.Refusal;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class MeanwhileTest {
    @Test
    void what_another_thread_makes_is_waited_for() {
        CountDownLatch asked = new CountDownLatch(1);

        Meanwhile<String> made = Meanwhile.start("test", () -> {
            awaitQuietly(asked);
            return Thread.currentThread().getName();
        });
        asked.countDown();

        assertThat(made.get()).isEqualTo("test");
    }

    @Test
    void a_refusal_over_there_is_a_refusal_here() {
        Meanwhile<String> refused = Meanwhile.start("test", () -> {
            throw new Refusal("database-not-usable", "it is not");
        });

        assertThatThrownBy(refused::get)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("database-not-usable"));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
