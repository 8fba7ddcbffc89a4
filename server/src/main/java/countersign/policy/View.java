package countersign.policy;

import countersign.document.Document;
import countersign.policy.cel.CelValues;
import countersign.policy.input.ChangeFacts;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.Facts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How rules see the parts of an input: the fields of the types that the language declares. */
final class View {
    private View() {}

    static Object change(ChangeFacts change) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", change.name());
        map.put("title", change.title());
        map.put("type", change.type());
        map.put("operation", change.operation());
        map.put("maintenanceType", change.maintenanceType());
        map.put("requester", change.requester());
        map.put("implementers", change.implementers());
        map.put("contributors", change.contributors());
        map.put("environments", change.environments());
        map.put("targets", change.targets());
        map.put("backout", change.backout());
        map.put("hasBackout", change.backout() != null && !change.backout().isBlank());
        map.put("labels", change.labels());
        map.put("risk", change.weight().risk());
        map.put("likelihood", change.weight().likelihood());
        map.put("impact", change.weight().impact());
        map.put("priority", change.weight().priority());
        map.put("template", change.template());
        return CelValues.of(map);
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
        return CelValues.of(map);
    }

    static Object approval(Facts.Approval approval) {
        return Map.of("person", approval.person(), "role", approval.role());
    }

    static Object key(Facts.Key key) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", key.name());
        map.put("fingerprint", key.fingerprint());
        map.put("environment", key.environment());
        return CelValues.of(map);
    }

    static Object sibling(Document document) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("path", document.path());
        map.put("name", document.name());
        map.put("environment", DocumentChange.findEnvironment(document).orElse(null));
        map.put("object", document.tree().root());
        return CelValues.of(map);
    }
}
