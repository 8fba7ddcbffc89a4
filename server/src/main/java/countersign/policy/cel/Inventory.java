package countersign.policy.cel;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What {@code inventory} stands for in expressions: documents by their names, as values. Each is asked for once; at most a
 * thousand of them. Not thread-safe: one evaluation, one thread.
 */
public final class Inventory {
    private static final int MOST = 1_000;

    private final BiFunction<String, String, Optional<Object>> find;
    private final Map<String, Optional<Object>> known = new HashMap<>();

    /** @param find gives for a kind's label and a name the document's root in the form that CEL computes with */
    public Inventory(BiFunction<String, String, Optional<Object>> find) {
        this.find = find;
    }

    Optional<Object> find(String kind, String name) {
        if (known.size() >= MOST) {
            throw new CelProgram.BudgetExceeded("it asks for more than " + MOST + " documents");
        }
        return known.computeIfAbsent(kind + "/" + name, key -> find.apply(kind, name));
    }
}
