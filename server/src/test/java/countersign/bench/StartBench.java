package countersign.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** From the start of the process to the first 200, and what the process then holds in memory, with 1,000 files. */
final class StartBench {
    private static final Path JAR = Path.of("target", "countersign.jar");
    private static final int FILES = 1_000;
    private static final int STARTS = 5;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    private static final double MOST_MEBIBYTES = 180;

    private StartBench() {}

    static void run(Consumer<Row> rows) throws Exception {
        if (!Files.isRegularFile(JAR)) {
            rows.accept(Row.without("start: no " + JAR + ", ./dev bench builds it"));
            return;
        }
        Path folder = BenchFolder.create("start");
        try {
            ReviewedChangeBench.found(folder, FILES);
            Path archive = folder.resolve("countersign.jsa");
            measure(folder, "", List.of(), 1_500, rows);
            once(folder, List.of("-XX:ArchiveClassesAtExit=" + archive));
            List<String> launched = new ArrayList<>(Launched.server());
            measure(folder, " as the launcher does it", launched, 1_500, rows);
            launched.addAll(List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive));
            measure(folder, " as the launcher does it, with a class archive", launched, 800, rows);
        } finally {
            BenchFolder.delete(folder);
        }
    }

    /** One start: how long until the first 200, and the memory held a moment later. */
    private record Start(double millis, double mebibytes) {}

    private static void measure(Path folder, String how, List<String> options, double most, Consumer<Row> rows)
            throws IOException, InterruptedException {
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            starts.add(once(folder, options));
        }
        String times = " (middle of " + STARTS + ", JDK " + Runtime.version().feature() + ")";
        double millis =
                middle(starts.stream().mapToDouble(Start::millis).sorted().toArray());
        double memory =
                middle(starts.stream().mapToDouble(Start::mebibytes).sorted().toArray());
        rows.accept(Row.atMost("start to first 200" + how + times, millis, most, "ms"));
        rows.accept(Row.atMost("resident after start" + how, memory, MOST_MEBIBYTES, "MiB"));
    }

    private static double middle(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    private static Start once(Path folder, List<String> options) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", JAR.toString(), "serve", "--port", Integer.toString(port), "--data"));
        command.add(folder.resolve("data").toString());
        Path output = folder.resolve("serve.txt");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            awaitAnswer(process, URI.create("http://127.0.0.1:" + port + "/readyz"), start, output);
            double millis = (System.nanoTime() - start) / 1e6;
            return new Start(millis, resident(process.pid()));
        } finally {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static void awaitAnswer(Process process, URI health, long start, Path output) throws IOException {
        while (!answers(health)) {
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE) {
                throw new IllegalStateException("the server did not start: " + Files.readString(output));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static boolean answers(URI health) {
        try {
            HttpURLConnection connection = (HttpURLConnection) health.toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(10_000);
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static double resident(long pid) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
