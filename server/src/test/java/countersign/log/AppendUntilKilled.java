package countersign.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A process that appends from four threads and prints each index only when it is acknowledged, until it is killed. */
final class AppendUntilKilled {
    private AppendUntilKilled() {}

    public static void main(String[] args) {
        RecordLog log = LogFixture.open(Path.of(args[0]));
        IntStream.range(0, 4).forEach(client -> new Thread(() -> append(log, client)).start());
    }

    private static void append(RecordLog log, int client) {
        for (int i = 0; ; i++) {
            String text = client + "-" + i;
            long index = log.appendBytes(List.of(text.getBytes(UTF_8)));
            if (i % 16 == 0) {
                log.signedCheckpoint();
            }
            System.out.println(index + " " + text + " acknowledged");
        }
    }
}
