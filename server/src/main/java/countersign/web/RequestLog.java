package countersign.web;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
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
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final String HEADER = "X-Request-Id";
    private static final String REQUEST = "request";

    /** What a proxy in front may send. */
    private static final Pattern FOREIGN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final RandomGenerator random;

    RequestLog(RandomGenerator random) {
        this.random = random;
    }

    /** Called first, on the thread that answers. */
    void begin(Context context) {
        String sent = context.header(HEADER);
        String id = sent != null && FOREIGN.matcher(sent).matches() ? sent : drawn();
        MDC.put(REQUEST, id);
        context.header(HEADER, id);
    }

    /** Called last, on the same thread. */
    void end(Context context, String route, String person, float millis) {
        boolean reads = context.method().equals(HandlerType.GET) && context.statusCode() < 400;
        LOG.atLevel(reads ? Level.DEBUG : Level.INFO)
                .addKeyValue("method", context.method().name())
                .addKeyValue("route", route)
                .addKeyValue("status", context.statusCode())
                .addKeyValue("person", person)
                .addKeyValue("millis", Math.round(millis))
                .log("answered");
        MDC.remove(REQUEST);
    }

    private String drawn() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
