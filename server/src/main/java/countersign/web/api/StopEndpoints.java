package countersign.web.api;

import countersign.change.stop.StopDesk;
import countersign.codec.Fields;
import countersign.gate.stop.LoggedStop;
import countersign.gate.stop.StopOrder;
import countersign.web.http.Exchange;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The stop of everything over HTTP: who orders one downloads a text, signs it and hands it in. */
final class StopEndpoints {
    private final StopDesk desk;

    StopEndpoints(StopDesk desk) {
        this.desk = desk;
    }

    /**
     * An order.
     *
     * @param index its log entry
     */
    record OrderView(String decision, String person, String role, String reason, String since, long index) {
        static OrderView of(LoggedStop logged) {
            StopOrder order = logged.order();
            return new OrderView(
                    order.decision().label(),
                    order.person(),
                    order.role(),
                    order.reason(),
                    logged.loggedAt().toString(),
                    logged.index());
        }
    }

    /**
     * Whether everything is stopped.
     *
     * @param order the order that stands; null if nothing is stopped
     */
    record StopView(boolean stopped, @Nullable OrderView order) {}

    void show(Exchange exchange) {
        OrderView order = desk.standing().map(OrderView::of).orElse(null);
        exchange.json(200, new StopView(order != null, order));
    }

    void statement(Exchange exchange) {
        StopOrder order = desk.draft(wish(exchange.person(), exchange.body()));
        exchange.set(
                "Content-Disposition",
                "attachment; filename=\"" + order.decision().label() + ".json\"");
        exchange.bytes(201, order.bytes(), "application/json");
    }

    void order(Exchange exchange) {
        Fields body = exchange.body();
        byte[] text = body.text("statement").getBytes(StandardCharsets.UTF_8);
        String signature = body.text("signature");
        body.end();
        exchange.json(201, OrderView.of(desk.order(text, signature)));
    }

    private static StopDesk.Wish wish(String person, Fields body) {
        StopDesk.Wish wish = new StopDesk.Wish(
                person,
                body.constant("decision", StopOrder.Decision.class),
                body.text("role"),
                body.text("reason"),
                body.textOr("client", "manual"));
        body.end();
        return wish;
    }
}
