package countersign.bench;

import java.util.List;

/** The options with which {@code server/src/launcher} runs Java, so that what is measured is what people run. */
final class Launched {
    private static final int FEW_CORES = 2;

    private Launched() {}

    /** For a server on this machine. */
    static List<String> server() {
        return server(Runtime.getRuntime().availableProcessors());
    }

    static List<String> server(int cores) {
        return cores <= FEW_CORES
                ? List.of("-Xms24m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                : List.of("-Xms24m");
    }
}
