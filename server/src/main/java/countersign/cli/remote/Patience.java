package countersign.cli.remote;

import countersign.cli.console.Output;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a server again and again while it is away or busy, each time after a longer pause. A refusal ends it.
 *
 * @param server the server
 * @param output where it says that it waits
 */
public record Patience(RemoteServer server, Output output) {
    private static final int LONGEST_PAUSE_SECONDS = 30;

    /** The answer to a question, whenever it comes. */
    public Fields get(String path) {
        int pause = 1;
        while (true) {
            try {
                return server.get(path).fields();
            } catch (UncheckedIOException away) {
                output.warn(away.getMessage() + "; trying again in " + pause + " s");
            } catch (Refusal refusal) {
                if (!refusal.rule().equals("busy")) {
                    throw refusal;
                }
                output.warn(refusal.findings().get(0).message());
            }
            pause(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_SECONDS);
        }
    }

    private static void pause(int seconds) {
        try {
            boolean unused = new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while watching", interrupted));
        }
    }
}
