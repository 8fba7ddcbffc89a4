package countersign.audit;

import countersign.codec.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Runs checks on all processors and says their lines in the order in which they were added. What waits is bounded, so a
 * history of any length passes. For one thread; the checks run in others.
 */
final class Judgements implements AutoCloseable {
    private static final int WAITING_FOR_EACH_THREAD = 64;

    private final AuditTally tally;
    private final ExecutorService threads;
    private final int most;
    private final Deque<Future<Supplier<AuditLine>>> waiting = new ArrayDeque<>();

    /** A check that depends on nothing but what it holds; runs in any thread. */
    @FunctionalInterface
    interface Check {
        /** Refuses, or says what is to be done when all checks before it are done. */
        Supplier<AuditLine> run();
    }

    Judgements(AuditTally tally, int processors) {
        this.tally = tally;
        this.most = processors * WAITING_FOR_EACH_THREAD;
        this.threads = Executors.newFixedThreadPool(processors, task -> {
            Thread thread = new Thread(task, "audit");
            thread.setDaemon(true);
            return thread;
        });
    }

    void add(AuditTally.Step step, Check check) {
        if (waiting.size() >= most) {
            sayNext();
        }
        Callable<Supplier<AuditLine>> judging = () -> judge(step, check);
        waiting.add(threads.submit(judging));
    }

    /** Waits for all checks and says their lines. */
    void end() {
        while (!waiting.isEmpty()) {
            sayNext();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private Supplier<AuditLine> judge(AuditTally.Step step, Check check) {
        try {
            return check.run();
        } catch (Refusal refusal) {
            AuditLine line = tally.explain(step, refusal);
            return () -> line;
        }
    }

    private void sayNext() {
        try {
            tally.say(waiting.remove().get().get());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the audit was stopped", stopped);
        } catch (ExecutionException bug) {
            if (bug.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(bug.getCause());
        }
    }
}
