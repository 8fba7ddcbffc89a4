package countersign.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Everything that has a budget, measured and printed as one Markdown table, row by row; takes a quarter of an hour at most, unless
 * parts are named. Asserts nothing about time. Each part runs in a process of its own, which is ended when its time is over, so no
 * part bears on the next. Arguments: the parts wanted ({@link Parts}), {@code --quick} for a look of some minutes, and
 * {@code --seconds N} for each row of changes and pushes.
 */
public final class Bench {
    private static final long MOST_SECONDS = 15 * 60;
    private static final long LEAST_SECONDS = 5;
    private static final long GRACE_SECONDS = 10;

    private final List<String> wanted = new ArrayList<>();
    private final long start = System.nanoTime();
    private boolean quick;
    private double seconds;
    private boolean failed;

    private Bench(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--seconds") && i + 1 < arguments.length) {
                seconds = Double.parseDouble(arguments[++i]);
            } else if (arguments[i].equals("--quick")) {
                quick = true;
            } else {
                wanted.add(arguments[i]);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Bench bench = new Bench(arguments);
        bench.run();
        System.exit(bench.failed ? 1 : 0);
    }

    private void run() throws Exception {
        Map<String, Parts.Part> parts = parts().chosen(wanted);
        System.out.println(circumstances());
        System.out.println(Row.HEADER);
        for (Map.Entry<String, Parts.Part> part : parts.entrySet()) {
            long left = wanted.isEmpty() ? MOST_SECONDS - (System.nanoTime() - start) / 1_000_000_000 : Long.MAX_VALUE;
            long most = Math.min(part.getValue().mostSeconds(), left);
            if (most < LEAST_SECONDS) {
                System.out.println(Row.without("part " + part.getKey() + " was not begun: no time was left"));
            } else {
                measure(part.getKey(), part.getValue().options(), most);
            }
        }
        System.out.println(circumstances());
    }

    private Parts parts() {
        Parts parts = quick ? Parts.quick() : Parts.whole();
        return seconds == 0 ? parts : parts.withSeconds(seconds);
    }

    private void measure(String part, List<String> options, long most) throws IOException, InterruptedException {
        Path folder = BenchFolder.create(part);
        Process process =
                new ProcessBuilder(command(part, options, folder)).inheritIO().start();
        Thread end = new Thread(() -> end(process));
        Runtime.getRuntime().addShutdownHook(end);
        try {
            if (!process.waitFor(most, TimeUnit.SECONDS)) {
                end(process);
                System.out.println(Row.without("part " + part + " was ended after " + most + " seconds"));
            } else if (process.exitValue() != 0) {
                failed = true;
                System.out.println(Row.without("part " + part + " failed"));
            }
        } finally {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(end);
            BenchFolder.delete(folder);
        }
    }

    /** With the servers and the Git that it runs. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private List<String> command(String part, List<String> options, Path folder) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-D" + BenchFolder.PLACE + "=" + folder);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchPart.class.getName(), part));
        if (quick) {
            command.add("--quick");
        }
        if (seconds != 0) {
            command.add(Double.toString(seconds));
        }
        return command;
    }

    private static String circumstances() {
        return String.format(
                Locale.ROOT,
                "%nJDK %s, %d cores, load average %.1f; clients and server share the cores.%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}
