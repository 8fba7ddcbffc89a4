package countersign.web.api;

import countersign.apply.plan.Plan;
import countersign.apply.plan.Planner;
import countersign.change.Changes;
import countersign.change.wish.Draft;
import countersign.codec.Fields;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.manifest.Manifest;
import countersign.merge.Preview;
import countersign.web.api.view.ConflictView;
import countersign.web.api.view.DiffView;
import countersign.web.api.view.GateView;
import countersign.web.api.view.ImpactView;
import countersign.web.api.view.OwedReviewView;
import countersign.web.api.view.PlanView;
import countersign.web.api.view.RiskView;
import countersign.web.api.view.ScheduleView;
import countersign.web.api.view.VoteView;
import countersign.web.http.Entity;
import countersign.web.http.Exchange;
import countersign.web.http.Problem.FindingView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The review of a change over HTTP: its effect, what is found, what is signed. */
final class ReviewEndpoints {
    private final Changes changes;
    private final Planner planner;

    ReviewEndpoints(Changes changes, Planner planner) {
        this.changes = changes;
        this.planner = planner;
    }

    /** What was found, and whether any of it blocks. */
    record Findings(boolean blocked, List<FindingView> items) {}

    void manifest(Exchange exchange) {
        Manifest manifest = changes.preview(exchange.path("name")).requireManifest();
        exchange.entity(Entity.of(manifest.digest().hex(), "application/json", manifest.bytes()));
    }

    void plan(Exchange exchange) {
        Preview preview = changes.preview(exchange.path("name"));
        Plan plan = planner.plan(
                preview.before(), preview.after(), preview.requireManifest().units());
        exchange.set("Vary", "Accept");
        if (exchange.prefers("text/plain")) {
            byte[] text = plan.text().getBytes(StandardCharsets.UTF_8);
            exchange.entity(Entity.of("text-" + plan.digest().hex(), "text/plain; charset=utf-8", text));
        } else {
            exchange.tagged(PlanView.of(plan));
        }
    }

    void diff(Exchange exchange) {
        Preview preview = changes.preview(exchange.path("name"));
        exchange.tagged(DiffView.of(preview.requireManifest(), preview.before(), preview.after()));
    }

    void findings(Exchange exchange) {
        Preview preview = changes.preview(exchange.path("name"));
        exchange.tagged(new Findings(
                preview.blocked(),
                preview.findings().stream().map(FindingView::of).toList()));
    }

    void impact(Exchange exchange) {
        exchange.tagged(ImpactView.of(changes.outlook().impact(exchange.path("name"))));
    }

    void conflicts(Exchange exchange) {
        exchange.tagged(new ConflictView.ConflictList(changes.outlook().conflicts(exchange.path("name")).stream()
                .map(ConflictView::of)
                .toList()));
    }

    void schedule(Exchange exchange) {
        exchange.tagged(ScheduleView.of(changes.outlook().schedule(exchange.path("name"))));
    }

    void risk(Exchange exchange) {
        exchange.tagged(RiskView.of(changes.outlook().risk(exchange.path("name"))));
    }

    void gate(Exchange exchange) {
        exchange.json(200, GateView.of(changes.gate(exchange.path("name"))));
    }

    void statement(Exchange exchange) {
        String name = exchange.path("name");
        Fields body = exchange.body();
        String key = body.textOrNull("recoveryKey");
        String signer = key == null ? exchange.person() : changes.recoverySigner(key);
        Statement statement = changes.draft(name, draft(signer, body));
        exchange.set(
                "Content-Disposition",
                "attachment; filename=\"" + name + "-" + statement.decision().label() + ".json\"");
        exchange.bytes(201, statement.bytes(), "application/json");
    }

    void vote(Exchange exchange) {
        Fields body = exchange.body();
        byte[] statement = body.text("statement").getBytes(StandardCharsets.UTF_8);
        String signature = body.text("signature");
        body.end();
        exchange.json(201, VoteView.of(changes.vote(exchange.path("name"), statement, signature)));
    }

    void emergencies(Exchange exchange) {
        Instant now = changes.logClock().now();
        exchange.tagged(new OwedReviewView.OwedReviewList(changes.outlook().owedReviews().stream()
                .map(review -> OwedReviewView.of(review, now))
                .toList()));
    }

    void votes(Exchange exchange) {
        List<Vote> votes = changes.votes(exchange.path("name"));
        exchange.tagged(new VoteView.VoteList(votes.stream().map(VoteView::of).toList()));
    }

    private static Draft draft(String person, Fields body) {
        Draft draft = new Draft(
                person,
                body.constant("decision", Decision.class),
                body.text("role"),
                body.textOr("reason", ""),
                body.textOrNull("rule"),
                body.textOr("client", "manual"));
        body.end();
        return draft;
    }
}
