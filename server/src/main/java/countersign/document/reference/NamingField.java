package countersign.document.reference;

import countersign.document.Document;
import countersign.document.Kind;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A field by which documents of one kind name documents of another.
 *
 * @param from the kind that names
 * @param path the field below {@code spec}, with slashes; lists are entered
 * @param to the kind that is named
 * @param relation what it means
 */
record NamingField(Kind from, String path, Kind to, Relation relation) {
    private static final Map<Kind, List<NamingField>> ALL = Stream.of(
                    other(Kind.ROLE_GRANT, "person", Kind.PERSON),
                    other(Kind.POLICY_TEST, "policy", Kind.POLICY),
                    other(Kind.WAIVER, "policy", Kind.POLICY),
                    other(Kind.WAIVER, "requestedBy", Kind.PERSON),
                    other(Kind.CHANGE_REQUEST, "requester", Kind.PERSON),
                    other(Kind.CHANGE_REQUEST, "collaborators", Kind.PERSON),
                    other(Kind.CHANGE_REQUEST, "people/lead", Kind.PERSON),
                    other(Kind.CHANGE_REQUEST, "people/implementers", Kind.PERSON),
                    other(Kind.CHANGE_REQUEST, "people/supervisor", Kind.PERSON),
                    other(Kind.CHANGE_REQUEST, "people/tester", Kind.PERSON),
                    other(Kind.CHANGE_REQUEST, "test/tester", Kind.PERSON),
                    other(Kind.CHANGE_REQUEST, "emergency/declaredBy", Kind.PERSON),
                    other(Kind.CHANGE_REQUEST, "template", Kind.CHANGE_TEMPLATE),
                    request("systems", Kind.SYSTEM_CONFIG),
                    request("packages", Kind.UPGRADE_PACKAGE),
                    request("keys", Kind.KEY_INVENTORY),
                    request("rollout/waves", Kind.TARGET),
                    new NamingField(Kind.SYSTEM_CONFIG, "base", Kind.SYSTEM_CONFIG, Relation.BASE),
                    other(Kind.SYSTEM_CONFIG, "owner/person", Kind.PERSON),
                    other(Kind.SYSTEM_CONFIG, "calendar", Kind.CALENDAR),
                    new NamingField(Kind.SYSTEM_CONFIG, "targets", Kind.TARGET, Relation.TARGET),
                    new NamingField(Kind.SYSTEM_CONFIG, "dependsOn", Kind.SYSTEM_CONFIG, Relation.DEPENDENCY),
                    new NamingField(Kind.SYSTEM_CONFIG, "startAfter", Kind.SYSTEM_CONFIG, Relation.START),
                    new NamingField(Kind.SYSTEM_CONFIG, "packages", Kind.UPGRADE_PACKAGE, Relation.PACKAGE),
                    new NamingField(Kind.SYSTEM_CONFIG, "keys", Kind.KEY_INVENTORY, Relation.KEY),
                    other(Kind.KEY_INVENTORY, "owner/person", Kind.PERSON),
                    other(Kind.KEY_INVENTORY, "custodians", Kind.PERSON),
                    other(Kind.KEY_INVENTORY, "backup/holders", Kind.PERSON),
                    other(Kind.KEY_INVENTORY, "certificate/renewal/template", Kind.CHANGE_TEMPLATE),
                    new NamingField(Kind.KEY_INVENTORY, "previous", Kind.KEY_INVENTORY, Relation.PREDECESSOR),
                    new NamingField(Kind.KEY_INVENTORY, "usedBy", Kind.SYSTEM_CONFIG, Relation.USER),
                    new NamingField(Kind.UPGRADE_PACKAGE, "requires", Kind.UPGRADE_PACKAGE, Relation.REQUIREMENT),
                    other(Kind.SERVICE_LEVEL_AGREEMENT, "parties/provider/person", Kind.PERSON),
                    other(Kind.SERVICE_LEVEL_AGREEMENT, "hours/calendar", Kind.CALENDAR),
                    other(Kind.SERVICE_LEVEL_AGREEMENT, "changes/calendar", Kind.CALENDAR),
                    new NamingField(
                            Kind.SERVICE_LEVEL_AGREEMENT, "scope/systems", Kind.SYSTEM_CONFIG, Relation.SERVICE),
                    other(Kind.CHANGE_TEMPLATE, "authority/person", Kind.PERSON))
            .collect(Collectors.groupingBy(NamingField::from));

    static List<NamingField> of(Kind kind) {
        return ALL.getOrDefault(kind, List.of());
    }

    /** Calls with the pointer and the text of each name that a document has in this field. */
    void forEach(Document document, BiConsumer<String, String> name) {
        Object value = document.tree().root().get("spec");
        for (String part : path.split("/", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(part) : null;
        }
        visit("/spec/" + path, value, name);
    }

    private static void visit(String pointer, @Nullable Object value, BiConsumer<String, String> name) {
        if (value instanceof String text) {
            name.accept(pointer, text);
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                visit(pointer + "/" + i, list.get(i), name);
            }
        }
    }

    private static NamingField other(Kind from, String path, Kind to) {
        return new NamingField(from, path, to, Relation.OTHER);
    }

    private static NamingField request(String path, Kind to) {
        return new NamingField(Kind.CHANGE_REQUEST, path, to, Relation.REQUEST);
    }
}
