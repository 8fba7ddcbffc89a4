package countersign.store;

import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.codec.Fields;
import countersign.codec.Json;
import countersign.manifest.ChangeId;
import countersign.manifest.Operation;
import countersign.manifest.Unit;
import countersign.merge.Merged;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A change as a row; its lists are JSON. */
final class ChangeRow {
    static final String UPDATE = """
            update change_projection
               set opened = ?, name = ?, title = ?, type = ?, operation = ?, of_change = ?, requester = ?, state = ?,
                   revisions = ?, merged = ?, units = ?, template = ?, priority = ?, decide_by = ?, decided_at = ?
             where number = ?
            """;

    static final String INSERT = """
            insert into change_projection
                   (opened, name, title, type, operation, of_change, requester, state, revisions, merged, units, template,
                    priority, decide_by, decided_at, number)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private ChangeRow() {}

    /** The values of both statements, in their order. */
    static @Nullable Object[] values(Change change) {
        Merged merged = change.merged();
        Instant decided = change.due().decidedAt();
        return new @Nullable Object[] {
            change.id().day(),
            change.id().name(),
            change.title(),
            change.type(),
            change.operation().label(),
            change.of() == null ? null : change.of().toString(),
            change.requester(),
            change.state().label(),
            json(change.revisions().stream().map(ChangeRow::members).toList()),
            merged == null ? null : json(members(merged)),
            json(change.units().stream().map(ChangeRow::members).toList()),
            change.template(),
            change.due().priority(),
            change.due().by().getEpochSecond(),
            decided == null ? null : decided.getEpochSecond(),
            change.number()
        };
    }

    static Change read(ResultSet row) throws SQLException {
        String of = row.getString("of_change");
        String merged = row.getString("merged");
        return new Change(
                row.getLong("number"),
                new ChangeId(row.getString("opened"), row.getString("name")),
                row.getString("title"),
                row.getString("type"),
                constant(Operation.class, row.getString("operation")),
                of == null ? null : ChangeId.parse(of),
                row.getString("requester"),
                constant(ChangeState.class, row.getString("state")),
                list(row.getString("revisions")).stream()
                        .map(ChangeRow::revision)
                        .toList(),
                merged == null ? null : merged(object(merged)),
                list(row.getString("units")).stream().map(ChangeRow::outcome).toList(),
                row.getString("template"),
                due(row));
    }

    private static Change.Due due(ResultSet row) throws SQLException {
        long decided = row.getLong("decided_at");
        Instant decidedAt = row.wasNull() ? null : Instant.ofEpochSecond(decided);
        return new Change.Due(row.getInt("priority"), Instant.ofEpochSecond(row.getLong("decide_by")), decidedAt);
    }

    private static Map<String, Object> members(Change.Revision revision) {
        return Map.of(
                "commit",
                revision.commit(),
                "uploader",
                revision.uploader(),
                "at",
                revision.at().toString());
    }

    private static Change.Revision revision(Fields fields) {
        return new Change.Revision(fields.text("commit"), fields.text("uploader"), fields.instant("at"));
    }

    private static Map<String, Object> members(Merged merged) {
        return Map.of(
                "commit", merged.commit(),
                "before", merged.before(),
                "index", merged.index(),
                "time", merged.time().toString(),
                "manifest", merged.manifest().hex());
    }

    private static Merged merged(Fields fields) {
        return new Merged(
                fields.text("commit"),
                fields.text("before"),
                fields.integer("index"),
                fields.instant("time"),
                fields.digest("manifest"));
    }

    private static Map<String, @Nullable Object> members(Change.UnitOutcome unit) {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("target", unit.unit().target());
        members.put("system", unit.unit().system());
        members.put("outcome", unit.outcome());
        members.put("receipt", unit.receipt());
        members.put("reason", unit.reason());
        return members;
    }

    private static Change.UnitOutcome outcome(Fields fields) {
        return new Change.UnitOutcome(
                new Unit(fields.text("target"), fields.text("system")),
                fields.text("outcome"),
                fields.integer("receipt"),
                fields.textOrNull("reason"));
    }

    private static String json(Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }

    private static Fields object(String text) {
        return Fields.of("row", Json.readObject("row", text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Fields> list(String text) {
        Object value = Json.readStrictly("row", text.getBytes(StandardCharsets.UTF_8));
        return Fields.of("row", Map.of("list", value == null ? List.of() : value))
                .objectList("list");
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String label) {
        return Enum.valueOf(type, label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
