package countersign.web;

import countersign.account.Caller;
import countersign.codec.Refusal;
import countersign.web.http.Route;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets requests in and notes what became of them, whichever way they are answered. Thread-safe. */
final class Entrance {
    static final String FORWARDED = "X-Forwarded-For";

    private final Server.Guard guard;
    private final Server.Observation observation;
    private final Senders senders;
    private final RequestLog log;

    Entrance(Server.Guard guard, Server.Observation observation, Senders senders) {
        this.guard = guard;
        this.observation = observation;
        this.senders = senders;
        this.log = new RequestLog(observation.ids());
    }

    RequestLog log() {
        return log;
    }

    /** Who calls a path, or a Refusal {@code not-authenticated}. */
    Caller caller(String path, @Nullable String authorization) {
        return guard.authentication().caller(path, authorization);
    }

    /** Who calls the API, if that can be told without waiting. */
    Optional<Caller> callerFromMemory(@Nullable String authorization) {
        return guard.authentication().callerFromMemory(authorization);
    }

    /** Returns if the caller may use the route, and notes the use of the token; a Refusal otherwise. */
    void require(Caller caller, Route route, String network) {
        guard.authorisation().require(caller, route.action());
        if (caller instanceof Caller.Known known) {
            observation.activity().used(known.person(), network, known.token().id());
        }
    }

    /** Whether a caller would be let in again. */
    boolean isStillAllowed(Caller caller, Route route) {
        try {
            guard.authorisation().require(caller, route.action());
            return guard.authentication().isStanding(caller);
        } catch (Refusal refused) {
            return false;
        }
    }

    /** The network of a request, by the address of its connection and what a proxy says, if it says anything. */
    String network(String address, @Nullable String forwarded) {
        return senders.network(address, forwarded);
    }

    /**
     * Counts an answer.
     *
     * @param caller who asked; null if the token was wrong or no route was found
     * @return what is to be logged of it
     */
    RequestLog.Answered answered(String method, String route, int status, @Nullable Caller caller, float millis) {
        observation.metrics().answered(method, route, status, millis / 1000);
        return new RequestLog.Answered(method, route, status, person(caller).orElse("nobody"), millis);
    }

    private static Optional<String> person(@Nullable Caller caller) {
        return caller instanceof Caller.Known known ? Optional.of(known.person()) : Optional.empty();
    }
}
