package countersign.web;

import countersign.account.Action;
import countersign.web.http.Exchange;
import countersign.web.http.Route;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;

/**
 * What the server counts of itself, at {@code /metrics} in the text format 0.0.4 of Prometheus. Labels are routes as they
 * are declared, methods and statuses, so their number is bounded and they name no person and no document. Thread-safe.
 */
public final class Metrics {
    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram requests = Histogram.builder()
            .name("countersign_http_request_duration_seconds")
            .help("How long answers took, from the first byte of the request to the last of the answer.")
            .labelNames("method", "route", "status")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);

    /** Whether what the Java machine counts of itself is among them: it takes hundreds of classes that no start needs. */
    private final AtomicBoolean machine = new AtomicBoolean();

    /** A value that is looked up whenever the metrics are read. */
    public Metrics gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(seen -> seen.call(value.getAsDouble()))
                .register(registry);
        return this;
    }

    /** The route that shows them. */
    public Route route() {
        return Route.get("/metrics", Action.READ, this::show);
    }

    void answered(String method, String route, int status, double seconds) {
        requests.labelValues(method, route, Integer.toString(status)).observe(seconds);
    }

    private void show(Exchange exchange) throws IOException {
        if (!machine.getAndSet(true)) {
            JvmMetrics.builder().register(registry);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(text, registry.scrape());
        exchange.bytes(200, text.toByteArray(), PrometheusTextFormatWriter.CONTENT_TYPE);
    }
}
