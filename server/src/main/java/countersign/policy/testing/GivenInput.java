package countersign.policy.testing;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.yaml.YamlTree;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.policy.Waiver;
import countersign.policy.input.ChangeFacts;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.DocumentChange.Operation;
import countersign.policy.input.Facts;
import countersign.policy.input.PolicyInput;
import countersign.policy.input.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The input that a case gives: the members object, oldObject, operation and path are the first touched path;
 * the list named files holds the others, with the same four members each; beside them stand change, approvals, keys,
 * siblings, tree (documents that parameters take values from), inventory (documents that rules ask for by name), failures
 * (system and moment of each change that failed), waivers, stage and now.
 *
 * @param file the tree of the test's file, for places
 */
record GivenInput(YamlTree file) {
    private static final String BASE = "/spec/base";

    /** What a policy is asked in a case. */
    record Question(PolicyInput input, List<Waiver> waivers) {}

    Question read(Map<String, @Nullable Object> given) {
        Fields fields = Fields.of("base", given);
        List<DocumentChange> touched = new ArrayList<>();
        if (fields.has("object") || fields.has("oldObject") || fields.has("path")) {
            touched.add(touched(fields, BASE));
        }
        int others = 0;
        for (Fields other : fields.objectList("files")) {
            touched.add(touched(other, BASE + "/files/" + others++));
            other.end();
        }
        Fields change = fields.objectOrNull("change");
        List<Document> siblings = documents(fields, "siblings");
        List<Document> tree = documents(fields, "tree");
        List<Document> inventory = documents(fields, "inventory");
        List<GivenLookups.Failure> failures = failures(fields);
        List<Facts.Key> keys = keys(fields);
        PolicyInput input = new PolicyInput(
                ChangeFacts.of(change == null ? Fields.of("change", Map.of()) : change),
                touched,
                new Facts(
                        approvals(fields),
                        () -> keys,
                        path -> siblings,
                        path -> tree.stream()
                                .filter(it -> it.path().equals(path))
                                .findFirst(),
                        new GivenLookups(inventory, failures)),
                fields.instant("now"),
                fields.has("stage") ? fields.constant("stage", Stage.class) : Stage.GATE);
        List<Waiver> waivers =
                documents(fields, "waivers").stream().map(Waiver::read).toList();
        fields.end();
        return new Question(input, waivers);
    }

    private DocumentChange touched(Fields fields, String pointer) {
        Document after = document(fields, "object", pointer);
        Document before = document(fields, "oldObject", pointer);
        Operation implied = before == null ? Operation.CREATE : after == null ? Operation.DELETE : Operation.UPDATE;
        Operation operation = fields.has("operation") ? fields.constant("operation", Operation.class) : implied;
        return new DocumentChange(path(fields, after == null ? before : after), operation, before, after);
    }

    private static String path(Fields fields, @Nullable Document document) {
        return document == null ? fields.text("path") : fields.textOr("path", document.path());
    }

    private @Nullable Document document(Fields fields, String name, String pointer) {
        if (!(fields.raw(name) instanceof Map<?, ?> map)) {
            return null;
        }
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        map.forEach((key, value) -> root.put((String) key, value));
        return document(root, fields.textOrNull("path"), pointer + "/" + name);
    }

    private Document document(Map<String, @Nullable Object> root, @Nullable String path, String pointer) {
        Fields fields = Fields.of(pointer, root);
        String label = fields.text("kind");
        Kind kind = Kind.find(label).orElseThrow(() -> new Refusal("unknown-kind", pointer + " has no kind " + label));
        String name = fields.object("metadata").text("name");
        String usual = kind.folder() + "/" + name + ".yaml";
        return new Document(kind, name, path == null ? usual : path, new GivenTree(root, file, pointer));
    }

    private static List<Facts.Approval> approvals(Fields fields) {
        return fields.objectList("approvals").stream()
                .map(approval -> new Facts.Approval(approval.text("person"), approval.text("role")))
                .toList();
    }

    private static List<GivenLookups.Failure> failures(Fields fields) {
        return fields.objectList("failures").stream()
                .map(failure -> new GivenLookups.Failure(failure.text("system"), failure.instant("at")))
                .toList();
    }

    private static List<Facts.Key> keys(Fields fields) {
        return fields.objectList("keys").stream()
                .map(key ->
                        new Facts.Key(key.text("name"), key.textOrNull("fingerprint"), key.textOrNull("environment")))
                .toList();
    }

    private List<Document> documents(Fields fields, String list) {
        List<Document> documents = new ArrayList<>();
        for (Fields each : fields.objectList(list)) {
            Document document = document(each, "object", BASE + "/" + list + "/" + documents.size());
            if (document == null) {
                throw new Refusal("missing-field", "each of " + list + " needs an object");
            }
            documents.add(document);
            each.end();
        }
        return documents;
    }
}
