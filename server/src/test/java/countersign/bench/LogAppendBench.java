package countersign.bench;

import countersign.log.LogSigners;
import countersign.log.RecordLog;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Durable appends to a record log, by one client and by eight, for about two seconds each. */
final class LogAppendBench {
    private static final int ENTRY_BYTES = 1_000;
    private static final double WARM_UP = 0.5;
    private static final double SECONDS = 1.5;

    private LogAppendBench() {}

    static List<Row> rows() throws Exception {
        Path folder = BenchFolder.create("log");
        try {
            return List.of(measure(folder, 1, Row.Budget.NONE), measure(folder, 8, Row.Budget.rate(5_000)));
        } finally {
            BenchFolder.delete(folder);
        }
    }

    private static Row measure(Path folder, int clients, Row.Budget budget) throws Exception {
        byte[] entry = new byte[ENTRY_BYTES];
        Path own = folder.resolve("log-" + clients);
        try (RecordLog log = RecordLog.open(own, signers(), InstantSource.system())) {
            Timings.Step append = (client, call) -> log.appendBytes(List.of(entry));
            Timings.of(clients, WARM_UP, append);
            Timings timings = Timings.of(clients, SECONDS, append);
            return Row.of("durable log append, " + ENTRY_BYTES + " bytes, " + clients + " client(s)", timings, budget);
        }
    }

    static LogSigners signers() {
        byte[] seed = new byte[32];
        seed[0] = 1;
        return LogSigners.of(
                "bench.example/log",
                new NoteSigner("bench.example/log", NoteKey.Algorithm.ED25519, seed),
                new NoteSigner("bench.example/cosigner", NoteKey.Algorithm.COSIGNATURE, new byte[32]));
    }
}
