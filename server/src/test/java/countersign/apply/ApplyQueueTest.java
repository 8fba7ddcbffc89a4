package countersign.apply;

import static countersign.apply.ApplyScene.unit;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.ApplyLog;
import countersign.apply.record.MergedChange;
import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.codec.Refusal;
import countersign.log.Faults;
import countersign.target.InMemoryDriver;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class ApplyQueueTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final ApplyScene scene = new ApplyScene(new InMemoryDriver());

    @Test
    void what_was_due_before_the_start_and_what_is_merged_later_is_applied() throws InterruptedException {
        MergedChange earlier = scene.merge("earlier", Map.of(unit("a"), "one"));
        scene.restart();
        try (ApplyQueue queue = new ApplyQueue(scene.applications, scene.applier, scene.log)) {
            queue.start();

            assertThat(scene.applications.await(earlier.change(), LONG)).contains(ApplyState.APPLIED);
            MergedChange later = scene.merge("later", Map.of(unit("a"), "ill"));
            queue.merged(later);

            assertThat(scene.applications.await(later.change(), LONG)).contains(ApplyState.ROLLED_BACK);
            assertThat(queue.findProblem()).isEmpty();
        }
    }

    @Test
    void what_waits_in_a_freeze_does_not_keep_the_queue_from_what_is_merged_later() throws InterruptedException {
        MergedChange frozen = scene.merge("frozen", Map.of(unit("a"), "one"));
        scene.frozenUntil.put(frozen.change(), ApplyScene.NOW.plusSeconds(3600));
        scene.restart();
        try (ApplyQueue queue = new ApplyQueue(scene.applications, scene.applier, scene.log)) {
            queue.start();

            MergedChange later = scene.merge("later", Map.of(unit("b"), "two"));
            queue.merged(later);

            assertThat(scene.applications.await(later.change(), LONG)).contains(ApplyState.APPLIED);
            assertThat(scene.state(frozen)).isEqualTo(ApplyState.PENDING);
        }
    }

    @Test
    void a_stopped_queue_applies_nothing() throws InterruptedException {
        ApplyQueue queue = new ApplyQueue(scene.applications, scene.applier, scene.log);
        queue.start();
        queue.stop();

        MergedChange change = scene.merge("later", Map.of(unit("a"), "one"));
        queue.merged(change);

        assertThat(scene.applications.await(change.change(), Duration.ofMillis(100)))
                .contains(ApplyState.PENDING);
    }

    @Test
    void a_stop_between_two_units_leaves_the_second_one_due() throws InterruptedException {
        MergedChange change = scene.merge("two", Map.of(unit("a"), "one", unit("b"), "one"));
        ApplyQueue queue = new ApplyQueue(scene.applications, scene.applier, scene.log);
        CountDownLatch begun = new CountDownLatch(1);
        scene.faults = point -> {
            if (point.equals("apply-before-flip")) {
                scene.applier.stop();
                begun.countDown();
            }
        };

        queue.start();
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        queue.stop();
        scene.faults = Faults.NONE;
        assertThat(scene.standing(unit("a"))).isEqualTo("one");
        assertThat(scene.standing(unit("b"))).isEmpty();
        assertThat(queue.findProblem()).isEmpty();
        scene.restart();
        scene.drain();

        assertThat(scene.standing(unit("b"))).isEqualTo("one");
        assertThat(scene.state(change)).isEqualTo(ApplyState.APPLIED);
    }

    @Test
    void an_applier_that_was_told_to_stop_begins_with_nothing_more_whoever_asks_it() {
        MergedChange change = scene.merge("two", Map.of(unit("a"), "one", unit("b"), "one"));
        scene.faults = point -> {
            if (point.equals("apply-before-flip")) {
                scene.applier.stop();
            }
        };

        boolean begun = scene.applier.applyNext();
        boolean again = scene.applier.applyNext();

        assertThat(begun).isTrue();
        assertThat(again).isFalse();
        assertThat(scene.standing(unit("a"))).isEqualTo("one");
        assertThat(scene.standing(unit("b"))).isEmpty();
        assertThat(scene.state(change)).isNotEqualTo(ApplyState.APPLIED);
    }

    @Test
    void a_log_that_takes_no_receipt_stops_the_queue_which_says_why_until_it_takes_them_again()
            throws InterruptedException {
        AtomicBoolean full = new AtomicBoolean(true);
        ApplyLog log = new ApplyLog() {
            @Override
            public void replay(long from, Set<Long> earlier, MergeReader merges, Consumer<Receipt> receipts) {
                scene.log.replay(from, earlier, merges, receipts);
            }

            @Override
            public void append(SignedReceipt receipt) {
                if (full.get()) {
                    throw new Refusal("read-only", "the log takes nothing more");
                }
                scene.log.append(receipt);
            }
        };
        scene.useLog(log);
        MergedChange change = scene.merge("later", Map.of(unit("a"), "one"));
        try (ApplyQueue queue = new ApplyQueue(scene.applications, scene.applier, log)) {
            queue.start();

            Awaitility.await("the problem is told")
                    .atMost(LONG)
                    .until(() -> queue.findProblem().isPresent());

            assertThat(queue.findProblem())
                    .hasValueSatisfying(why -> assertThat(why).contains("read-only"));
            assertThat(scene.state(change)).isEqualTo(ApplyState.PENDING);

            full.set(false);
            MergedChange next = scene.merge("next", Map.of(unit("b"), "one"));
            queue.merged(next);

            assertThat(scene.applications.await(next.change(), LONG)).contains(ApplyState.APPLIED);
            assertThat(scene.state(change)).isEqualTo(ApplyState.APPLIED);
            assertThat(scene.standing(unit("a"))).isEqualTo("one");
            Awaitility.await("the problem is over")
                    .atMost(LONG)
                    .until(() -> queue.findProblem().isEmpty());
        }
    }
}
