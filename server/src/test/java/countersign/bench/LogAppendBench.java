package countersign.bench;

import countersign.log.LogSigners;
import countersign.log.RecordLog;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Durable appends to a record log, by one client and by eight, for about two seconds each; budget 5,000 a second. */
public final class LogAppendBench {
    private static final int ENTRY_BYTES = 1_000;
    private static final long WARM_UP = 500_000_000L;
    private static final long MEASURED = 1_500_000_000L;

    private LogAppendBench() {}

    /** Takes the folder to write in; by default one in the temporary folder, which may be no real disk. */
    public static void main(String[] args) throws IOException {
        Path folder = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("log-append-bench");
        System.out.println("clients  appends/s  p50 ms  p99 ms");
        for (int clients : new int[] {1, 8}) {
            Path own = folder.resolve("log-" + clients);
            try (RecordLog log = RecordLog.open(own, signers(), InstantSource.system())) {
                run(log, clients, WARM_UP);
                report(clients, run(log, clients, MEASURED));
            } finally {
                delete(own);
            }
        }
    }

    private static long[] run(RecordLog log, int clients, long nanos) {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        long end = System.nanoTime() + nanos;
        List<CompletableFuture<List<Long>>> times = IntStream.range(0, clients)
                .mapToObj(client -> CompletableFuture.supplyAsync(() -> append(log, end), threads))
                .toList();
        long[] all = times.stream()
                .flatMap(future -> future.join().stream())
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        threads.shutdown();
        return all;
    }

    private static List<Long> append(RecordLog log, long end) {
        List<Long> times = new ArrayList<>();
        byte[] entry = new byte[ENTRY_BYTES];
        for (long now = System.nanoTime(); now < end; ) {
            log.appendBytes(List.of(entry));
            long then = System.nanoTime();
            times.add(then - now);
            now = then;
        }
        return times;
    }

    private static void report(int clients, long[] sorted) {
        System.out.printf(
                Locale.ROOT,
                "%7d %10.0f %7.3f %7.3f%n",
                clients,
                sorted.length / (MEASURED / 1e9),
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6);
    }

    private static LogSigners signers() {
        byte[] seed = new byte[32];
        seed[0] = 1;
        return LogSigners.of(
                "bench.example/log",
                new NoteSigner("bench.example/log", NoteKey.Algorithm.ED25519, seed),
                new NoteSigner("bench.example/cosigner", NoteKey.Algorithm.COSIGNATURE, new byte[32]));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
