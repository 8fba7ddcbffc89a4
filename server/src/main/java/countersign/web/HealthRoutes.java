package countersign.web;

import countersign.account.Action;
import countersign.codec.Refusal;
import countersign.web.http.Exchange;
import countersign.web.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether the process runs, and whether it can take changes. Thread-safe. */
public final class HealthRoutes {
    private static final Map<String, String> OK = Map.of("status", "ok");

    private final Supplier<Optional<String>> readOnlyReason;

    /** @param readOnlyReason why no change can be taken now; empty if it can */
    public HealthRoutes(Supplier<Optional<String>> readOnlyReason) {
        this.readOnlyReason = readOnlyReason;
    }

    public List<Route> list() {
        return List.of(
                Route.get("/healthz", Action.PROBE, exchange -> exchange.json(200, OK)),
                Route.get("/readyz", Action.PROBE, this::ready));
    }

    private void ready(Exchange exchange) {
        readOnlyReason.get().ifPresent(reason -> {
            throw new Refusal("read-only", "the server takes no changes: " + reason);
        });
        exchange.json(200, OK);
    }
}
