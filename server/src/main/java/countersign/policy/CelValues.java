package countersign.policy;

import countersign.codec.Refusal;
import countersign.document.Document;
import dev.cel.common.values.NullValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Java values in the form that CEL computes with. A Java null or Integer inside a map would make comparisons come to
 * something that is neither true nor false, so none gets through.
 */
final class CelValues {
    private CelValues() {}

    /** The value with CEL's null and 64-bit integers; refuses numbers that CEL does not have. */
    static Object of(@Nullable Object value) {
        if (value == null) {
            return NullValue.NULL_VALUE;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>(map.size() * 2);
            map.forEach((name, member) -> copy.put(name, of(member)));
            return copy;
        } else if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(of(element)));
            return copy;
        } else if (value instanceof Integer number) {
            return number.longValue();
        } else if (value instanceof BigInteger number) {
            throw new Refusal("number-range", "the integer " + number + " has more than 64 bits");
        }
        return value;
    }

    static Object change(ChangeFacts change) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", change.name());
        map.put("title", change.title());
        map.put("type", change.type());
        map.put("operation", change.operation());
        map.put("maintenanceType", change.maintenanceType());
        map.put("requester", change.requester());
        map.put("implementer", change.implementer());
        map.put("contributors", change.contributors());
        map.put("environments", change.environments());
        map.put("targets", change.targets());
        map.put("backout", change.backout());
        map.put("hasBackout", change.backout() != null && !change.backout().isBlank());
        map.put("labels", change.labels());
        return of(map);
    }

    static Object file(DocumentChange touched) {
        Document document = touched.document().orElse(null);
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("path", touched.path());
        map.put("kind", document == null ? null : document.kind().label());
        map.put("name", document == null ? null : document.name());
        map.put("environment", DocumentChange.findEnvironment(document).orElse(null));
        map.put("operation", touched.operation().label());
        map.put("trust", document != null && document.kind().trust());
        return of(map);
    }

    static Object approval(Facts.Approval approval) {
        return Map.of("person", approval.person(), "role", approval.role());
    }

    static Object key(Facts.Key key) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", key.name());
        map.put("fingerprint", key.fingerprint());
        map.put("environment", key.environment());
        return of(map);
    }

    static Object sibling(Document document) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("path", document.path());
        map.put("name", document.name());
        map.put("environment", DocumentChange.findEnvironment(document).orElse(null));
        map.put("object", document.tree().root());
        return of(map);
    }
}
