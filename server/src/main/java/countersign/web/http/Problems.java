package countersign.web.http;

import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.codec.disk.DiskFailure;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request that fails: as a problem document, to Git as text, which it shows. Thread-safe. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private static final Map<Integer, String> RULES = Map.of(
            400, "malformed-request",
            404, "no-such-route",
            405, "method-not-allowed",
            413, "request-too-large",
            415, "media-type-not-supported");

    /** The attribute of a context that holds the rule by which the request was refused. */
    public static final String RULE = "countersign.rule";

    private Problems() {}

    public static void register(RoutesConfig routes) {
        routes.exception(Refusal.class, (refusal, context) -> write(context, Problem.of(refusal)));
        routes.exception(HttpResponseException.class, (failure, context) -> {
            Optional.ofNullable(failure.getDetails().get("availableMethods"))
                    .ifPresent(methods -> context.header("Allow", methods));
            write(context, of(failure));
        });
        routes.exception(Exception.class, Problems::writeBug);
    }

    private static Problem of(HttpResponseException failure) {
        String rule = RULES.getOrDefault(failure.getStatus(), "request-failed");
        return Problem.of(failure.getStatus(), rule, rule.replace('-', ' '));
    }

    /** What nobody foresaw goes to the log, and only the request's id goes out. */
    private static void writeBug(Exception bug, Context context) {
        LOG.error("request {} {} failed", context.method(), context.path(), bug);
        Optional<DiskFailure> disk = DiskFailure.find(bug);
        if (disk.isPresent()) {
            write(
                    context,
                    Problem.of(new Refusal(
                            disk.get().rule(), disk.get().message(), disk.get().wayOut())));
            return;
        }
        String id = context.res().getHeader("X-Request-Id");
        write(context, Problem.of(500, "internal-error", "the server failed; its log has the cause at request " + id));
    }

    private static void write(Context context, Problem problem) {
        context.attribute(RULE, problem.rule());
        boolean git = context.path().startsWith(Authentication.GIT);
        if (problem.status() == 401) {
            context.header("WWW-Authenticate", (git ? "Basic" : "Bearer") + " realm=\"countersign\"");
        }
        context.status(problem.status());
        context.header("Cache-Control", "no-store");
        if (git) {
            context.result(problem.text()).contentType("text/plain; charset=utf-8");
        } else {
            context.result(Json.write(problem)).contentType(Problem.MEDIA_TYPE);
        }
    }
}
