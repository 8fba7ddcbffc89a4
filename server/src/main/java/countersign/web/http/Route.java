package countersign.web.http;

import countersign.account.Action;
import io.javalin.http.HandlerType;
import java.io.IOException;

/**
 * One route: what it answers to, and what its caller must be allowed to do.
 *
 * @param method the HTTP method
 * @param path with parameters as {@code {name}}, or {@code <name>} where it spans slashes
 * @param action what is asked for
 * @param endpoint what answers
 */
public record Route(HandlerType method, String path, Action action, Endpoint endpoint) {
    /** Answers a request whose caller was found to be allowed to make it. Called by several threads at once. */
    @FunctionalInterface
    public interface Endpoint {
        void answer(Exchange exchange) throws IOException;
    }

    public static Route get(String path, Action action, Endpoint endpoint) {
        return new Route(HandlerType.GET, path, action, endpoint);
    }

    public static Route post(String path, Action action, Endpoint endpoint) {
        return new Route(HandlerType.POST, path, action, endpoint);
    }

    public static Route put(String path, Action action, Endpoint endpoint) {
        return new Route(HandlerType.PUT, path, action, endpoint);
    }

    public static Route patch(String path, Action action, Endpoint endpoint) {
        return new Route(HandlerType.PATCH, path, action, endpoint);
    }

    public static Route delete(String path, Action action, Endpoint endpoint) {
        return new Route(HandlerType.DELETE, path, action, endpoint);
    }
}
