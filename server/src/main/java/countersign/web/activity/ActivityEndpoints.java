package countersign.web.activity;

import countersign.activity.Activity;
import countersign.activity.ActivityKind;
import countersign.activity.ActivityLog;
import countersign.activity.ActivityQuery;
import countersign.activity.Segment;
import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.log.tile.TileSource;
import countersign.web.http.Csv;
import countersign.web.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The activity log over HTTP: questions to it, and its files for who verifies it. */
public final class ActivityEndpoints {
    private static final long PAGE = 100;

    private final ActivityLog log;

    public ActivityEndpoints(ActivityLog log) {
        this.log = log;
    }

    /** An activity in answers. */
    record ActivityView(
            String time,
            String kind,
            @Nullable String person,
            @Nullable String network,
            long count,
            Map<String, String> detail) {
        static ActivityView of(Activity activity) {
            return new ActivityView(
                    activity.time().toString(),
                    activity.what().kind().label(),
                    activity.what().person(),
                    activity.what().network(),
                    activity.count(),
                    activity.what().detail());
        }

        List<@Nullable Object> cells() {
            return Arrays.asList(
                    time, kind, person, network, count, new String(Json.write(detail), StandardCharsets.UTF_8));
        }
    }

    /**
     * A page of activities, newest first.
     *
     * @param next cursor of the next page; null on the last
     */
    record ActivityPage(List<ActivityView> items, @Nullable String next) {}

    /**
     * A part of the log in answers.
     *
     * @param origin of its checkpoint; null, as the next two, if it can't be read any more
     * @param kept whether its entries are there
     */
    record SegmentView(
            String segment,
            @Nullable String origin,
            @Nullable Long size,
            @Nullable String root,
            boolean kept) {
        static SegmentView of(ActivityLog.Part part) {
            return part.head() == null
                    ? new SegmentView(part.segment().toString(), null, null, null, part.kept())
                    : new SegmentView(
                            part.segment().toString(),
                            part.head().origin(),
                            part.head().size(),
                            part.head().root().hex(),
                            part.kept());
        }
    }

    /** All parts, and the key that signs their checkpoints. */
    record SegmentList(String key, List<SegmentView> items) {}

    public void list(Exchange exchange) {
        ActivityLog.Page page = log.list(query(exchange));
        List<ActivityView> items = page.items().stream().map(ActivityView::of).toList();
        exchange.set("Cache-Control", "no-store");
        if (wantsCsv(exchange)) {
            answerCsv(exchange, items, page);
        } else {
            exchange.json(200, new ActivityPage(items, text(page)));
        }
    }

    public void segments(Exchange exchange) {
        List<SegmentView> items = log.parts().stream().map(SegmentView::of).toList();
        exchange.set("Cache-Control", "no-store");
        exchange.json(200, new SegmentList(log.key().vkey(), items));
    }

    public void file(Exchange exchange) {
        String path = exchange.path("path");
        byte[] bytes = log.read(Segment.parse(exchange.path("segment")), path)
                .orElseThrow(() -> new Refusal("no-such-tile", "the segment has no file " + path));
        String type = path.equals(TileSource.CHECKPOINT) ? "text/plain; charset=utf-8" : "application/octet-stream";
        exchange.set("Cache-Control", "no-store");
        exchange.bytes(200, bytes, type);
    }

    private static ActivityQuery query(Exchange exchange) {
        return new ActivityQuery(
                exchange.query("person").orElse(null),
                exchange.query("kind").map(ActivityKind::get).orElse(null),
                exchange.time("since").orElse(null),
                exchange.time("until").orElse(null),
                exchange.query("cursor").map(ActivityQuery.Place::parse).orElse(null),
                (int) Math.min(exchange.number("limit").orElse(PAGE), Integer.MAX_VALUE));
    }

    private static boolean wantsCsv(Exchange exchange) {
        String format = exchange.query("format").orElse(exchange.prefers("text/csv") ? "csv" : "json");
        if (!format.equals("csv") && !format.equals("json")) {
            throw new Refusal("unknown-format", "the format is json or csv, not " + format);
        }
        return format.equals("csv");
    }

    /** The cursor of the next page is a header, so that pages can be put one behind the other. */
    private static void answerCsv(Exchange exchange, List<ActivityView> items, ActivityLog.Page page) {
        StringBuilder csv = new StringBuilder();
        if (exchange.query("cursor").isEmpty()) {
            csv.append(Csv.line(List.of("time", "kind", "person", "network", "count", "detail")));
        }
        items.forEach(item -> csv.append(Csv.line(item.cells())));
        String next = text(page);
        if (next != null) {
            exchange.set("X-Next-Cursor", next);
        }
        exchange.bytes(200, csv.toString().getBytes(StandardCharsets.UTF_8), Csv.MEDIA_TYPE);
    }

    private static @Nullable String text(ActivityLog.Page page) {
        return page.next() == null ? null : page.next().toString();
    }
}
