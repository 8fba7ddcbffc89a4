package countersign.web;

import countersign.account.Action;
import countersign.codec.Refusal;
import countersign.web.http.Exchange;
import countersign.web.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether the process runs, and whether it can take changes and apply them. Thread-safe. */
public final class HealthRoutes {
    private static final Map<String, String> OK = Map.of("status", "ok");

    private final Supplier<Optional<String>> readOnlyReason;
    private final Supplier<Optional<String>> applyProblem;

    /**
     * @param readOnlyReason why no change can be taken now; empty if it can
     * @param applyProblem why nothing is applied; empty while all is well
     */
    public HealthRoutes(Supplier<Optional<String>> readOnlyReason, Supplier<Optional<String>> applyProblem) {
        this.readOnlyReason = readOnlyReason;
        this.applyProblem = applyProblem;
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
        applyProblem.get().ifPresent(problem -> {
            throw new Refusal(
                    "apply-stopped",
                    "changes are merged, but nothing is applied: " + problem,
                    "mend that; it is tried again every few seconds");
        });
        exchange.json(200, OK);
    }
}
