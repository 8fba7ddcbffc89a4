package countersign.web.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An answer that goes on for as long as both sides like. No thread waits for the client: bytes are asked of a source only
 * when the connection takes them, so nothing piles up. Thread-safe: the source is asked by one thread at a time.
 */
public final class PulledStream implements WriteListener {
    private final Source source;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile @Nullable ServletOutputStream out;
    private volatile boolean ending;
    private boolean unflushed;

    /** Where the bytes come from. */
    @FunctionalInterface
    public interface Source {
        /** What is to be sent next; empty if there is nothing at this moment. */
        byte[] next();
    }

    PulledStream(Source source) {
        this.source = source;
    }

    CompletableFuture<@Nullable Void> open(ServletResponse response) {
        try {
            ServletOutputStream opened = response.getOutputStream();
            opened.setWriteListener(this);
            out = opened; // behind the listener: whoever has news meanwhile must not write as if it may wait
            pump();
        } catch (IOException gone) {
            end();
        }
        return ended;
    }

    /** Sends what the source has, as far as the connection takes it; the rest follows by itself. */
    public void pump() {
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        int left = 1;
        while (left != 0) {
            int seen = wanted.get();
            serve();
            left = wanted.addAndGet(-seen);
        }
    }

    private void serve() {
        boolean whole = false;
        try {
            drain();
            whole = true;
        } finally {
            if (ending || !whole) {
                ending = true;
                ended.complete(null); // nowhere else: behind this the connection may serve another request
            }
        }
    }

    /** The answer is over; what was not sent never will be. */
    public void end() {
        ending = true;
        pump();
    }

    public boolean hasEnded() {
        return ending;
    }

    @Override
    public void onWritePossible() {
        pump();
    }

    @Override
    public void onError(Throwable gone) {
        end();
    }

    private void drain() {
        ServletOutputStream opened = out;
        if (opened == null) {
            return;
        }
        try {
            while (!ending && opened.isReady()) {
                byte[] next = source.next();
                if (next.length > 0) {
                    opened.write(next);
                    unflushed = true;
                } else if (unflushed) {
                    unflushed = false;
                    opened.flush();
                } else {
                    return;
                }
            }
        } catch (IOException gone) {
            ending = true;
        }
    }
}
