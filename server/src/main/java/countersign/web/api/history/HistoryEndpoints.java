package countersign.web.api.history;

import countersign.codec.Refusal;
import countersign.history.Fact;
import countersign.history.Fact.About;
import countersign.history.History;
import countersign.history.HistoryQuery;
import countersign.history.Moment;
import countersign.history.PastMerge;
import countersign.history.PastTrees;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import countersign.web.http.Csv;
import countersign.web.http.Exchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The past over HTTP: what was merged, why a path is as it is, what stood there, and who could have approved it. */
public final class HistoryEndpoints {
    private static final int PAGE = 50;
    private static final int MAX_FILE = 16 << 20;

    private static final Map<String, About> PARAMETERS = parameters();

    private final History history;
    private final PastTrees past;

    public HistoryEndpoints(History history, PastTrees past) {
        this.history = history;
        this.past = past;
    }

    public void list(Exchange exchange) throws IOException {
        if (wantsCsv(exchange)) {
            export(exchange, query(exchange, HistoryQuery.MAX_LIMIT));
        } else {
            long limit = exchange.number("limit").orElse((long) PAGE);
            HistoryQuery query = query(exchange, Math.toIntExact(Math.min(limit, Integer.MAX_VALUE)));
            exchange.tagged(HistoryView.Page.of(history.list(query)));
        }
    }

    public void blame(Exchange exchange) {
        exchange.tagged(HistoryView.BlameView.of(past.blame(exchange.path("path"))));
    }

    public void state(Exchange exchange) {
        Instant at = requireTime(exchange);
        Moment moment = past.at(at);
        Optional<HistoryView.FileView> file = exchange.query("path").map(path -> file(moment, path));
        exchange.tagged(HistoryView.State.of(at, moment, file.orElse(null)));
    }

    public void approvers(Exchange exchange) {
        Instant at = requireTime(exchange);
        exchange.tagged(HistoryView.ApproversView.of(at, past.approvers(exchange.requireQuery("path"), at)));
    }

    private static boolean wantsCsv(Exchange exchange) {
        String format = exchange.query("format").orElse(exchange.prefers("text/csv") ? "csv" : "json");
        if (!format.equals("csv") && !format.equals("json")) {
            throw new Refusal("unknown-format", "format is csv or json, found: " + format);
        }
        return format.equals("csv");
    }

    /** Everything that meets the query, page after page; the first is found before the answer begins. */
    private void export(Exchange exchange, HistoryQuery query) throws IOException {
        History.Page page = history.list(query);
        exchange.set("Content-Disposition", "attachment; filename=\"history.csv\"");
        OutputStream out = exchange.output(Csv.MEDIA_TYPE);
        write(out, Csv.line(HistoryView.COLUMNS));
        while (true) {
            for (PastMerge merge : page.items()) {
                write(out, Csv.line(HistoryView.Merge.of(merge).cells()));
            }
            @Nullable Long next = page.next();
            if (next == null) {
                return;
            }
            page = history.list(query.before(next));
        }
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write(line.getBytes(StandardCharsets.UTF_8));
    }

    private static HistoryQuery query(Exchange exchange, int limit) {
        HistoryQuery query = HistoryQuery.everything(limit)
                .between(
                        exchange.time("since").orElse(null),
                        exchange.time("until").orElse(null))
                .before(exchange.number("before").orElse(null));
        for (Map.Entry<String, About> parameter : PARAMETERS.entrySet()) {
            Optional<String> subject = exchange.query(parameter.getKey());
            if (subject.isPresent()) {
                query = query.with(fact(parameter.getValue(), subject.get()));
            }
        }
        Optional<String> typed = exchange.query("q");
        return typed.isPresent() ? query.searching(typed.get()) : query;
    }

    private static Fact fact(About about, String subject) {
        return about == About.DOCUMENT ? Fact.document(subject) : new Fact(about, subject);
    }

    private HistoryView.FileView file(Moment moment, String path) {
        Snapshot snapshot = past.snapshot(moment);
        TreeEntry entry = snapshot.find(path)
                .filter(found -> !found.isFolder())
                .orElseThrow(() -> new Refusal("no-such-file", "main had no file " + path + " then"));
        return HistoryView.FileView.of(path, entry.rawMode(), snapshot.read(path, MAX_FILE));
    }

    private static Instant requireTime(Exchange exchange) {
        exchange.requireQuery("at");
        return exchange.time("at").orElseThrow();
    }

    private static Map<String, About> parameters() {
        Map<String, About> parameters = new LinkedHashMap<>();
        parameters.put("path", About.PATH);
        parameters.put("document", About.DOCUMENT);
        parameters.put("system", About.SYSTEM);
        parameters.put("target", About.TARGET);
        parameters.put("person", About.PERSON);
        parameters.put("key", About.KEY);
        parameters.put("classification", About.CLASSIFICATION);
        parameters.put("environment", About.ENVIRONMENT);
        return parameters;
    }
}
