package countersign.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import countersign.log.copy.MirrorUpdate;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A log with keys and entries that are the same in every test. */
public final class LogFixture {
    public static final String ORIGIN = "log.example/record";
    public static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z"));
    public static final NoteSigner LOG_KEY = signer(ORIGIN, NoteKey.Algorithm.ED25519, 1);
    public static final NoteSigner COSIGNER = signer("log.example/cosigner", NoteKey.Algorithm.COSIGNATURE, 2);
    public static final LogSigners SIGNERS = LogSigners.of(ORIGIN, LOG_KEY, COSIGNER);
    public static final LogTrust TRUST = SIGNERS.trust();

    private LogFixture() {}

    public static NoteSigner signer(String name, NoteKey.Algorithm algorithm, int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return new NoteSigner(name, algorithm, bytes);
    }

    public static RecordLog open(Path folder) {
        return RecordLog.open(folder, SIGNERS, CLOCK);
    }

    public static byte[] entry(long number) {
        return ("entry " + number).getBytes(UTF_8);
    }

    public static List<byte[]> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(LogFixture::entry).toList();
    }

    /** Every file of a copy of the log, by path. */
    public static Map<String, byte[]> mirrorOf(RecordLog log) {
        Map<String, byte[]> files = new TreeMap<>();
        update(files, 0, log);
        return files;
    }

    public static void update(Map<String, byte[]> files, long published, RecordLog log) {
        MirrorUpdate update = MirrorUpdate.since(published, log);
        update.removed().forEach(files::remove);
        update.written().forEach(path -> files.put(path, update.bytes(path)));
    }
}
