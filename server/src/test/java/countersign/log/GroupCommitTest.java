package countersign.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
    private final CountDownLatch first = new CountDownLatch(1);
    private final List<List<Integer>> groups = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());

    @Test
    void works_that_wait_together_are_committed_together_in_the_order_in_which_they_came() throws InterruptedException {
        GroupCommit<Integer> commits = new GroupCommit<>(this::commit, 3);

        List<Thread> threads = startWaiting(commits, 6);
        first.countDown();
        join(threads);

        assertThat(groups).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4, 5));
    }

    @Test
    void a_failure_is_told_to_all_of_the_group_and_to_no_other() throws InterruptedException {
        GroupCommit<Integer> commits = new GroupCommit<>(
                group -> {
                    commit(group);
                    if (group.contains(2)) {
                        throw new UncheckedIOException(new IOException("disk full"));
                    }
                },
                3);

        List<Thread> threads = startWaiting(commits, 5);
        first.countDown();
        join(threads);

        assertThat(thrown).hasSize(3).allMatch(UncheckedIOException.class::isInstance);
        assertThat(groups).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4));
    }

    @Test
    void a_defect_in_the_commit_leaves_nobody_waiting() {
        GroupCommit<Integer> commits = new GroupCommit<>(
                group -> {
                    throw new ArithmeticException("defect");
                },
                3);

        assertThatThrownBy(() -> commits.commit(1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> commits.commit(2)).isInstanceOf(ArithmeticException.class);
    }

    private void commit(List<Integer> group) {
        groups.add(List.copyOf(group));
        try {
            first.await();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    /** Starts threads one by one, each when the one before it is waiting. */
    private List<Thread> startWaiting(GroupCommit<Integer> commits, int count) {
        List<Thread> threads = new ArrayList<>();
        for (int work = 0; work < count; work++) {
            int own = work;
            Thread thread = new Thread(() -> commits.commit(own));
            thread.setUncaughtExceptionHandler((failed, failure) -> thrown.add(failure));
            thread.start();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            threads.add(thread);
        }
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
