package countersign.web.api;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Kind;
import countersign.document.schema.Schemas;
import countersign.web.http.Entity;
import countersign.web.http.Exchange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The schemas of the kinds, for editors. */
final class SchemaEndpoints {
    static final String PREFIX = "/schemas/v1";

    private static final String SUFFIX = ".json";

    private final Map<String, Entity> schemas = Arrays.stream(Kind.values())
            .collect(Collectors.toMap(Kind::label, SchemaEndpoints::entity, (one, other) -> one, TreeMap::new));

    /** One line of the list. */
    record SchemaItem(String kind, String folder, String href) {}

    /** The list. */
    record SchemaList(List<SchemaItem> items) {}

    void list(Exchange exchange) {
        exchange.tagged(new SchemaList(Arrays.stream(Kind.values())
                .map(kind -> new SchemaItem(kind.label(), kind.folder(), PREFIX + "/" + kind.label() + SUFFIX))
                .toList()));
    }

    void get(Exchange exchange) {
        String file = exchange.path("file");
        String kind = file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : "";
        Entity schema = schemas.get(kind);
        if (schema == null) {
            throw new Refusal("no-such-schema", "there is no schema " + file, "known: " + schemas.keySet());
        }
        exchange.entity(schema);
    }

    private static Entity entity(Kind kind) {
        byte[] schema = Schemas.published(kind);
        return Entity.of(Sha256.of(schema).hex(), "application/schema+json", schema);
    }
}
