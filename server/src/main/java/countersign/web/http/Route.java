package countersign.web.http;

import countersign.account.Action;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.Optional;

/**
 * One route: what it answers to, and what its caller must be allowed to do.
 *
 * @param method the HTTP method
 * @param path with parameters as {@code {name}}, or {@code <name>} where it spans slashes
 * @param action what is asked for
 * @param endpoint what answers
 * @param memory what of the answers is at hand
 */
public record Route(HandlerType method, String path, Action action, Endpoint endpoint, Memory memory) {
    private static final Memory NOTHING = rest -> Optional.empty();

    /** Answers a request whose caller was found to be allowed to make it. Called by several threads at once. */
    @FunctionalInterface
    public interface Endpoint {
        void answer(Exchange exchange) throws IOException;
    }

    /** Answers that are in memory, each the one that the endpoint would give. Called by several threads at once. */
    @FunctionalInterface
    public interface Memory {
        /**
         * The answer, as far as it is at hand; never waits.
         *
         * @param rest the path behind the route's part that is fixed
         */
        Optional<Entity> find(String rest);
    }

    /** With nothing in memory. */
    public Route(HandlerType method, String path, Action action, Endpoint endpoint) {
        this(method, path, action, endpoint, NOTHING);
    }

    public Route remembering(Memory memory) {
        return new Route(method, path, action, endpoint, memory);
    }

    /** Whether it remembers anything. */
    public boolean remembers() {
        return memory != NOTHING;
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
