package countersign.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * How long each of many calls took.
 *
 * @param nanos time of each, shortest first
 * @param seconds how long all of them took together, side by side
 * @param processor processor time of this process meanwhile, all threads together, in seconds; it hardly depends on what
 *     else the machine does
 */
record Timings(long[] nanos, double seconds, double processor) {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** One call to be timed. */
    @FunctionalInterface
    interface Step {
        /** Makes one call of a client; its calls have numbers from 0. */
        void run(int client, int call) throws Exception;
    }

    /** Calls a step over and over for some seconds, from as many threads as there are clients; the last calls end. */
    static Timings of(int clients, double seconds, Step step) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long used = SYSTEM.getProcessCpuTime();
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            List<Callable<List<Long>>> loops = IntStream.range(0, clients)
                    .<Callable<List<Long>>>mapToObj(client -> () -> loop(client, end, step))
                    .toList();
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> loop : threads.invokeAll(loops)) {
                all.addAll(loop.get());
            }
            return of(all, (System.nanoTime() - start) / 1e9, (SYSTEM.getProcessCpuTime() - used) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Processor time that this process has used. */
    static double processorSeconds() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }

    static Timings of(List<Long> nanos, double seconds, double processor) {
        return new Timings(nanos.stream().mapToLong(Long::longValue).sorted().toArray(), seconds, processor);
    }

    private static List<Long> loop(int client, long end, Step step) throws Exception {
        List<Long> nanos = new ArrayList<>();
        for (int call = 0; System.nanoTime() < end; call++) {
            long start = System.nanoTime();
            step.run(client, call);
            nanos.add(System.nanoTime() - start);
        }
        return nanos;
    }

    double rate() {
        return nanos.length / seconds;
    }

    /** Processor time of one call on average, in milliseconds. */
    double processorMillis() {
        return processor * 1e3 / Math.max(1, nanos.length);
    }

    /** The time that this part of the calls did not exceed, in milliseconds; 0 if there was none. */
    double millis(double quantile) {
        return nanos.length == 0 ? 0 : nanos[(int) (quantile * (nanos.length - 1))] / 1e6;
    }
}
