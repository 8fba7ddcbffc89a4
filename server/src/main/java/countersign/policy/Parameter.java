package countersign.policy;

import countersign.codec.JsonPointer;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.policy.input.Facts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A constant that rules see under {@code params}: written in the policy, or taken from a document of the tree before the
 * change, so that no change loosens the rule that judges it.
 *
 * @param name its name
 * @param type its type
 * @param standard the value if the tree gives none, as rules see it; null if the tree must give one
 * @param source where the tree gives it, if it does
 * @param description what it means
 */
public record Parameter(
        String name,
        ParameterType type,
        @Nullable Object standard,
        @Nullable Source source,
        @Nullable String description) {
    /**
     * A place in the tree.
     *
     * @param document path of a document
     * @param at JSON pointer in it
     */
    public record Source(String document, String at) {}

    /** Refuses {@code parameter-missing} and {@code parameter-type}. */
    Object value(Facts facts) {
        Optional<Object> given = find(facts);
        if (given.isPresent()) {
            return type.read(name, given.get());
        }
        if (standard == null) {
            throw new Refusal("parameter-missing", "the tree gives no value for the parameter " + name + ": " + source);
        }
        return standard;
    }

    private Optional<Object> find(Facts facts) {
        return source == null
                ? Optional.empty()
                : facts.document()
                        .apply(source.document())
                        .map(Document::tree)
                        .flatMap(tree -> JsonPointer.find(tree.root(), source.at()));
    }
}
