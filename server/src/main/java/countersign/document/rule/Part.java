package countersign.document.rule;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import countersign.codec.Refusal;
import countersign.document.Document;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A place in a document that fits its schema.
 *
 * @param document the document
 * @param pointer JSON pointer of the place, which need not exist
 */
record Part(Document document, String pointer) {
    static Part spec(Document document) {
        return new Part(document, "/spec");
    }

    Part child(String name) {
        return new Part(document, JsonPointer.child(pointer, name));
    }

    /** What lies below names with slashes between: {@code certificate/notBefore}. */
    Part below(String path) {
        return new Part(document, pointer + "/" + path);
    }

    boolean exists() {
        return value().isPresent();
    }

    Optional<Object> value() {
        return JsonPointer.find(document.tree().root(), pointer);
    }

    Optional<String> text() {
        return value().filter(String.class::isInstance).map(String.class::cast);
    }

    Optional<Long> number() {
        return value().filter(Long.class::isInstance).map(Long.class::cast);
    }

    boolean is(String text) {
        return text().equals(Optional.of(text));
    }

    /** The elements of a list; none if it is absent. */
    List<Part> elements() {
        List<Part> parts = new ArrayList<>();
        if (value().orElse(null) instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                parts.add(new Part(document, pointer + "/" + i));
            }
        }
        return parts;
    }

    /** What the place is called in messages: its pointer without {@code /spec/}. */
    String name() {
        return pointer.substring(pointer.startsWith("/spec/") ? "/spec/".length() : 1);
    }

    Finding finding(String rule, String problem) {
        return Finding.error(rule, name() + " " + problem, document.tree().placeOf(pointer));
    }

    /** The findings of a parser that refuses, at this place. */
    List<Finding> parsed(Runnable parser) {
        try {
            parser.run();
            return List.of();
        } catch (Refusal refusal) {
            return refusal.findings().stream()
                    .map(finding -> finding.at(document.tree().placeOf(pointer)))
                    .toList();
        }
    }

    /** Findings {@code duplicate-entry} for elements of which an earlier one has the same value in a member. */
    static List<Finding> twins(List<Part> elements, String member) {
        return twins(elements, member, "duplicate-entry");
    }

    /** The same with a rule of its own. */
    static List<Finding> twins(List<Part> elements, String member, String rule) {
        List<Finding> findings = new ArrayList<>();
        Map<Object, Part> first = new HashMap<>();
        for (Part element : elements) {
            Part key = element.child(member);
            Optional<Object> value = key.value();
            if (value.isPresent()) {
                Part other = first.putIfAbsent(value.get(), key);
                if (other != null) {
                    findings.add(key.finding(
                            rule,
                            "is " + value.get() + ", as is " + other.name() + " in line "
                                    + other.document()
                                            .tree()
                                            .placeOf(other.pointer())
                                            .line()));
                }
            }
        }
        return findings;
    }
}
