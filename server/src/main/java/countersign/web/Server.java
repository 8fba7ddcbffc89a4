package countersign.web;

import countersign.account.Action;
import countersign.account.Authorisation;
import countersign.account.Caller;
import countersign.activity.ActivityKind;
import countersign.activity.ActivityLog;
import countersign.web.http.Authentication;
import countersign.web.http.Exchange;
import countersign.web.http.Problems;
import countersign.web.http.Route;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: every route with its one authorisation, over one port. Started and stopped once, by one thread;
 * requests are served by many.
 */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** How long a connection that waits for a next request is left open when the server stops. */
    private static final long IDLE_MILLIS = 50;

    /** Statuses of requests that are refused because of who sends them. */
    private static final Set<Integer> NOT_LET_IN = Set.of(401, 403, 429);

    /** No answer is ever a page: what is shown in a browser runs nothing and is embedded nowhere. */
    static final Map<String, String> PROTECTION = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");

    private static final String ROUTE = "countersign.route";
    private static final String CALLER = "countersign.caller";

    private final Settings settings;
    private final List<Route> routes;
    private final ActivityLog activity;
    private final Entrance entrance;
    private @Nullable Javalin javalin;

    /**
     * What bounds the server.
     *
     * @param maxBody bytes of a request's body, other than Git's
     * @param stopMillis for how long it waits for requests under way when it stops
     * @param behindProxy whether every request comes through a proxy that sets {@code X-Forwarded-For}
     */
    public record Settings(int maxBody, long stopMillis, boolean behindProxy) {
        public static Settings defaults(boolean behindProxy) {
            return new Settings(24 << 20, 10_000, behindProxy);
        }
    }

    /**
     * Who may do what.
     *
     * @param authentication finds out who calls
     * @param authorisation decides whether they may
     */
    public record Guard(Authentication authentication, Authorisation authorisation) {}

    /**
     * What becomes known of requests.
     *
     * @param metrics counts them
     * @param activity notes whose tokens are used, and who is not let in
     * @param ids source of their ids
     */
    public record Observation(Metrics metrics, ActivityLog activity, RandomGenerator ids) {}

    /** @param routes each method and path once */
    public Server(Settings settings, Guard guard, List<Route> routes, Observation observation) {
        this.settings = settings;
        this.routes = List.copyOf(routes);
        this.activity = observation.activity();
        this.entrance = new Entrance(guard, observation, new Senders(settings.behindProxy()));
    }

    /** Loads what every server needs, on any thread: half of the time of a first start. */
    public static void warmUp() {
        Javalin.create(Server::silence).jettyServer().server();
    }

    /**
     * Takes a port, for a server that is not there yet: who connects is answered when it is.
     *
     * @param port 0 for any free one
     */
    public static ServerSocketChannel take(String host, int port) {
        try {
            return bind(ServerSocketChannel.open(), new InetSocketAddress(host, port));
        } catch (UnresolvedAddressException unknown) {
            throw new UncheckedIOException(
                    host + ":" + port + " can't be listened at: no such host", new IOException(unknown));
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    host + ":" + port + " can't be listened at: " + failed.getMessage()
                            + "; name another --port, or end what listens there",
                    failed);
        }
    }

    private static ServerSocketChannel bind(ServerSocketChannel free, InetSocketAddress address) throws IOException {
        boolean bound = false;
        try {
            free.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            free.bind(address);
            bound = true;
            return free;
        } finally {
            if (!bound) {
                free.close();
            }
        }
    }

    /** Listens at a port that was taken, until it is stopped. */
    public void start(ServerSocketChannel taken) {
        javalin = Javalin.create(config -> {
                    configure(config);
                    config.jetty.addConnector((server, http) -> connector(server, http, taken));
                })
                .start();
    }

    private static Connector connector(
            org.eclipse.jetty.server.Server server, HttpConfiguration http, ServerSocketChannel taken) {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        try {
            connector.open(taken);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return connector;
    }

    /** Takes no new requests, waits for those under way, and ends what takes too long. */
    public void stop() {
        Javalin started = javalin;
        if (started != null) {
            for (Connector connector : started.jettyServer().server().getConnectors()) {
                ((AbstractConnector) connector).setShutdownIdleTimeout(IDLE_MILLIS);
            }
            try {
                started.stop();
            } catch (JavalinException late) {
                LOG.warn("requests were cut off after {} ms", settings.stopMillis(), late);
            }
        }
    }

    private static void silence(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
    }

    private void configure(JavalinConfig config) {
        silence(config);
        config.concurrency.useVirtualThreads = Runtime.version().feature() >= 21;
        config.http.maxRequestSize = settings.maxBody();
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(settings.stopMillis());
            server.insertHandler(new HotReads(routes, entrance));
            server.insertHandler(new GracefulHandler());
        });
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        Problems.register(config.routes);
        config.routes.before(this::begin);
        config.requestLogger.http((context, millis) -> answered(context, millis));
        for (Route route : routes) {
            config.routes.addHttpHandler(route.method(), route.path(), context -> answer(context, route));
        }
    }

    private void begin(Context context) {
        String id = entrance.log().id(context.header(RequestLog.HEADER));
        entrance.log().begin(id);
        context.header(RequestLog.HEADER, id);
        PROTECTION.forEach(context::header);
    }

    private void answer(Context context, Route route) throws IOException {
        context.attribute(ROUTE, route);
        Caller caller = entrance.caller(context.path(), context.header("Authorization"));
        context.attribute(CALLER, caller);
        String network = network(context);
        entrance.require(caller, route, network);
        route.endpoint()
                .answer(new Exchange(
                        context,
                        new Exchange.Admission(
                                caller, network, () -> entrance.isStillAllowed(caller, route), settings.maxBody())));
    }

    private String network(Context context) {
        return entrance.network(context.ip(), context.header(Entrance.FORWARDED));
    }

    /** What answered and who asked are unknown where there is no such route or the token is wrong. */
    private void answered(Context context, float millis) {
        Route route = context.attribute(ROUTE);
        String path = route == null ? "none" : route.path();
        Caller caller = context.attribute(CALLER);
        if (NOT_LET_IN.contains(context.statusCode()) && (route == null || route.action() != Action.SIGN_IN)) {
            noteRefusal(context, path);
        }
        entrance.log().end(entrance.answered(context.method().name(), path, context.statusCode(), caller, millis));
    }

    private void noteRefusal(Context context, String path) {
        String rule = context.attribute(Problems.RULE);
        Map<String, String> detail = new TreeMap<>();
        detail.put("method", context.method().name());
        detail.put("route", path);
        detail.put("rule", rule == null ? "status-" + context.statusCode() : rule);
        String person = context.attribute(CALLER) instanceof Caller.Known known ? known.person() : null;
        activity.refused(ActivityKind.REFUSED, person, network(context), detail);
    }
}
