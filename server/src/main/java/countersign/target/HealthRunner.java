package countersign.target;

import countersign.codec.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs health checks. Files are looked at once; a URL is asked again until it answers as expected or the time that all
 * checks have together is over. Thread-safe.
 */
public final class HealthRunner {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Made when the first URL is asked: it reads the machine's certificates, and many a server never asks. */
    private @Nullable HttpClient client;

    /** One result for each check, in order; returns within the suite's timeout and a little. */
    public List<HealthCheck.Result> run(HealthCheck.Suite suite, Driver driver, Location location) {
        long deadline = System.nanoTime() + suite.timeout().toNanos();
        HealthCheck.Probe probe = new HealthCheck.Probe() {
            @Override
            public HealthCheck.Result look(HealthCheck.File check) {
                return lookAt(check, driver, location);
            }

            @Override
            public HealthCheck.Result ask(HealthCheck.Http check) {
                return askUntil(deadline, check);
            }
        };
        return suite.checks().stream().map(check -> check.examine(probe)).toList();
    }

    private static HealthCheck.Result lookAt(HealthCheck.File check, Driver driver, Location location) {
        try {
            return driver.read(location, check.path(), HealthCheck.MAX_FILE_BYTES)
                    .map(bytes -> new HealthCheck.Result(
                            check.name(),
                            check.accepts(bytes),
                            check.path() + (check.accepts(bytes) ? " is as expected" : " lacks the expected text")))
                    .orElseGet(() -> new HealthCheck.Result(check.name(), false, check.path() + " is absent"));
        } catch (Refusal refusal) {
            return new HealthCheck.Result(
                    check.name(), false, refusal.findings().get(0).message());
        } catch (UncheckedIOException unreadable) {
            return new HealthCheck.Result(check.name(), false, check.path() + " is not readable");
        }
    }

    private HealthCheck.Result askUntil(long deadline, HealthCheck.Http check) {
        String found = "no time left to ask";
        try {
            for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
                found = ask(check, left);
                if (found.equals(String.valueOf(check.status()))) {
                    return new HealthCheck.Result(check.name(), true, check.url() + " answers " + found);
                }
                TimeUnit.NANOSECONDS.sleep(Math.min(PAUSE.toNanos(), Math.max(0, deadline - System.nanoTime())));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            found = "interrupted";
        }
        return new HealthCheck.Result(
                check.name(), false, check.url() + " should answer " + check.status() + ", last: " + found);
    }

    private String ask(HealthCheck.Http check, long nanos) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(check.url())
                .timeout(Duration.ofNanos(nanos))
                .header("User-Agent", "countersign")
                .build();
        CompletableFuture<HttpResponse<Void>> answer =
                client().sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return String.valueOf(answer.get(nanos, TimeUnit.NANOSECONDS).statusCode());
        } catch (TimeoutException late) {
            return "no answer in time";
        } catch (ExecutionException failed) {
            return failed.getCause() instanceof IOException io ? io.getClass().getSimpleName() : "no answer";
        } finally {
            answer.cancel(true);
        }
    }

    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
            client = made;
        }
        return made;
    }
}
