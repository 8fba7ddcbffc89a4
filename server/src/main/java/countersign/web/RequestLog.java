package countersign.web;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * Gives every request an id, which stands in each line that is logged for it and goes back in {@code X-Request-Id}, and logs
 * how each was answered: what writes or fails at level INFO, what reads at DEBUG. Queries, headers and bodies, which can hold
 * secrets, are never logged. Thread-safe.
 */
final class RequestLog {
    static final String HEADER = "X-Request-Id";

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final String REQUEST = "request";

    /** What a proxy in front may send. */
    private static final Pattern FOREIGN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Odd, so that all 2^64 ids come before one comes again. */
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private final AtomicLong place;

    RequestLog(RandomGenerator random) {
        this.place = new AtomicLong(random.nextLong());
    }

    /**
     * How a request was answered.
     *
     * @param route the route's path; {@code none} if there is none
     * @param person who asked; {@code nobody} if that is not known
     */
    record Answered(String method, String route, int status, String person, float millis) {
        private boolean isPlainRead() {
            return method.equals("GET") && status < 400;
        }
    }

    /** The id of a request: the one that a proxy sent if it is well-formed, or a new one. */
    String id(@Nullable String sent) {
        return sent != null && FOREIGN.matcher(sent).matches() ? sent : drawn();
    }

    /** Called first, on the thread that answers. */
    void begin(String id) {
        MDC.put(REQUEST, id);
    }

    /** Called last, on the same thread. */
    void end(Answered answered) {
        write(answered);
        MDC.remove(REQUEST);
    }

    /** Logs a request that nothing else is logged for. */
    void whole(String id, Answered answered) {
        if (!answered.isPlainRead() || LOG.isDebugEnabled()) {
            begin(id);
            end(answered);
        }
    }

    private static void write(Answered answered) {
        LOG.atLevel(answered.isPlainRead() ? Level.DEBUG : Level.INFO)
                .addKeyValue("method", answered.method())
                .addKeyValue("route", answered.route())
                .addKeyValue("status", answered.status())
                .addKeyValue("person", answered.person())
                .addKeyValue("millis", Math.round(answered.millis()))
                .log("answered");
    }

    /** Each id once; scattered as SplitMix64 does, so that ids of two starts have nothing in common either. */
    private String drawn() {
        long id = place.addAndGet(STEP);
        id = (id ^ (id >>> 30)) * 0xbf58476d1ce4e5b9L;
        id = (id ^ (id >>> 27)) * 0x94d049bb133111ebL;
        return HexFormat.of().toHexDigits(id ^ (id >>> 31));
    }
}
