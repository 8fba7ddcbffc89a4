package countersign.web.api;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.log.copy.LogProof;
import countersign.web.http.Entity;
import countersign.web.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The record log over HTTP: {@code …/log} is the prefix that a C2SP tlog-tiles client is given. */
final class LogEndpoints {
    private static final int PAGE = 100;

    private final RecordLog log;

    LogEndpoints(RecordLog log) {
        this.log = log;
    }

    /**
     * An entry in answers.
     *
     * @param index place in the log
     * @param type its kind
     * @param time when it was appended
     * @param text its canonical JSON: the bytes that the tree hashes, as UTF-8
     */
    record EntryView(long index, String type, String time, String text) {
        static EntryView of(long index, byte[] bytes) {
            LogEntry entry = LogEntry.parse(bytes);
            return new EntryView(
                    index, entry.type(), entry.time().toString(), new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /**
     * A page of entries, oldest first.
     *
     * @param size how many entries the log has
     * @param next {@code from} of the next page; null on the last
     */
    record EntryPage(
            List<EntryView> items, long size, @Nullable Long next) {}

    void checkpoint(Exchange exchange) {
        byte[] note = log.signedCheckpoint().write().getBytes(StandardCharsets.UTF_8);
        exchange.entity(Entity.of(Sha256.of(note).hex(), "text/plain; charset=utf-8", note));
    }

    void tile(Exchange exchange) {
        String path = "tile/" + exchange.path("path");
        byte[] tile = log.read(path).orElseThrow(() -> new Refusal("no-such-tile", "the log has no " + path));
        exchange.entity(Entity.forEver(path, "application/octet-stream", tile));
    }

    void proof(Exchange exchange) {
        long index = exchange.pathNumber("index");
        byte[] proof = LogProof.of(index, log).write();
        exchange.entity(Entity.of(Sha256.of(proof).hex(), "text/plain; charset=utf-8", proof));
    }

    void entries(Exchange exchange) {
        long size = log.size();
        long from = Math.min(exchange.number("from").orElse(0L), size);
        long to = Math.min(size, from + Math.min(exchange.number("limit").orElse((long) PAGE), PAGE));
        List<EntryView> items = new ArrayList<>();
        log.entries(from, to).forEach(bytes -> items.add(EntryView.of(from + items.size(), bytes)));
        exchange.json(200, new EntryPage(items, size, to < size && to > from ? to : null));
    }
}
