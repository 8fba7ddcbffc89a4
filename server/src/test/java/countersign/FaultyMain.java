package countersign;

import countersign.log.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * The program with a trap: when it reaches a point, it leaves a file as a sign and waits there to be killed. Arguments:
 * the point, the file, and the command line.
 */
final class FaultyMain {
    private FaultyMain() {}

    public static void main(String[] arguments) {
        String trap = arguments[0];
        Path sign = Path.of(arguments[1]);
        Faults faults = point -> {
            if (point.equals(trap)) {
                waitForTheEnd(sign);
            }
        };
        System.exit(Main.run(faults, Arrays.copyOfRange(arguments, 2, arguments.length)));
    }

    private static void waitForTheEnd(Path sign) {
        try {
            Files.createFile(sign);
            new CountDownLatch(1).await();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }
}
