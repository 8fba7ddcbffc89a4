package countersign.web;

import countersign.account.Caller;
import countersign.codec.Refusal;
import countersign.web.http.Entity;
import countersign.web.http.Route;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * Answers at once, on the thread that read the request, what is in memory for callers whose token is in memory. Everything
 * else, refusals too, goes on to a thread of its own and the slower way, which gives the same answers. Thread-safe.
 */
final class HotReads extends Handler.Wrapper {
    private static final HttpField[] PROTECTION = Server.PROTECTION.entrySet().stream()
            .map(header -> new PreEncodedHttpField(header.getKey(), header.getValue()))
            .toArray(HttpField[]::new);

    private static final float NANOS = 1e6f;

    private final List<Hot> routes;
    private final Entrance entrance;

    /** @param routes those that remember nothing are left out */
    HotReads(List<Route> routes, Entrance entrance) {
        this.routes = routes.stream().filter(Route::remembers).map(Hot::of).toList();
        this.entrance = entrance;
    }

    /**
     * A route, and the part of its path that is fixed.
     *
     * @param prefix with a slash at its end
     */
    private record Hot(Route route, String prefix) {
        static Hot of(Route route) {
            return new Hot(route, route.path().substring(0, route.path().indexOf('<')));
        }

        Optional<Entity> find(String path) {
            return path.startsWith(prefix) ? route.memory().find(path.substring(prefix.length())) : Optional.empty();
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!isAnswered(request, response, callback)) {
            getServer().getThreadPool().execute(() -> pass(request, response, callback));
        }
        return true;
    }

    private boolean isAnswered(Request request, Response response, Callback callback) {
        String path = request.getHttpURI().getPath();
        if (!HttpMethod.GET.is(request.getMethod()) || path == null || path.indexOf('%') >= 0) {
            return false;
        }
        for (Hot hot : routes) {
            Optional<Entity> entity = hot.find(path);
            if (entity.isPresent()) {
                Optional<Caller> caller = admitted(hot.route, request);
                caller.ifPresent(
                        known -> answer(request, response, callback, new Found(hot.route, entity.get(), known)));
                return caller.isPresent();
            }
        }
        return false;
    }

    private record Found(Route route, Entity entity, Caller caller) {}

    private void answer(Request request, Response response, Callback callback, Found found) {
        String id = entrance.log().id(request.getHeaders().get(RequestLog.HEADER));
        ByteBuffer body = head(request, response, found.entity, id);
        response.write(true, body, Callback.from(() -> note(request, id, response.getStatus(), found), callback));
    }

    /** Empty too if the caller is to be refused: that is said the slower way. */
    private Optional<Caller> admitted(Route route, Request request) {
        HttpFields headers = request.getHeaders();
        try {
            Optional<Caller> caller = entrance.callerFromMemory(headers.get(HttpHeader.AUTHORIZATION));
            caller.ifPresent(known -> {
                String address = Request.getRemoteAddr(request);
                entrance.require(known, route, entrance.network(address, headers.get(Entrance.FORWARDED)));
            });
            return caller;
        } catch (Refusal refused) {
            return Optional.empty();
        }
    }

    private void note(Request request, String id, int status, Found found) {
        float millis = NanoTime.since(request.getBeginNanoTime()) / NANOS;
        entrance.log().whole(id, entrance.answered("GET", found.route.path(), status, found.caller, millis));
    }

    /** Writes status and headers; the body is null if the client has it. */
    private static @Nullable ByteBuffer head(Request request, Response response, Entity entity, String id) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(RequestLog.HEADER, id);
        for (HttpField field : PROTECTION) {
            headers.put(field);
        }
        headers.put(HttpHeader.ETAG, entity.tag()).put(HttpHeader.CACHE_CONTROL, entity.caching());
        headers.put(HttpHeader.CONTENT_TYPE, entity.mediaType());
        if (Entity.names(request.getHeaders().get(HttpHeader.IF_NONE_MATCH), entity.tag())) {
            response.setStatus(HttpStatus.NOT_MODIFIED_304);
            return null;
        }
        response.setStatus(HttpStatus.OK_200);
        headers.put(HttpHeader.CONTENT_LENGTH, entity.bytes().length);
        return ByteBuffer.wrap(entity.bytes());
    }

    private void pass(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
        } catch (Throwable failed) { // whatever it was, the client must not wait for ever
            Response.writeError(request, response, callback, failed);
        }
    }
}
