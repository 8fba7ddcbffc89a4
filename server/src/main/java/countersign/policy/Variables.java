package countersign.policy;

import countersign.document.Kind;
import countersign.policy.cel.CelValues;
import countersign.policy.cel.Inventory;
import countersign.policy.cel.Past;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.Facts;
import countersign.policy.input.PolicyInput;
import dev.cel.runtime.CelVariableResolver;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The variables that expressions see, each computed when first asked for. A layer looks into the layer below for what it
 * does not define itself. Not thread-safe: one evaluation, one thread.
 */
final class Variables implements CelVariableResolver {
    private final Optional<Variables> below;
    private final Map<String, Supplier<Object>> sources = new HashMap<>();
    private final Map<String, Object> values = new HashMap<>();

    private Variables(Optional<Variables> below) {
        this.below = below;
    }

    /** What every rule sees of a change. */
    static Variables ofChange(PolicyInput input) {
        return new Variables(Optional.empty())
                .with("change", () -> View.change(input.change()))
                .with("files", () -> input.documents().stream().map(View::file).toList())
                .with(
                        "approvals",
                        () -> input.facts().approvals().stream()
                                .map(View::approval)
                                .toList())
                .with(
                        "keys",
                        () -> input.facts().keys().get().stream().map(View::key).toList())
                .with(
                        "inventory",
                        () -> new Inventory((kind, name) -> Kind.find(kind)
                                .flatMap(found -> input.facts().lookups().find(found, name))
                                .map(document -> CelValues.of(document.tree().root()))))
                .with("history", () -> new Past(input.facts().lookups()::failures, input.now()))
                .with("now", input::now);
    }

    /** What rules over documents see besides. */
    Variables ofDocument(DocumentChange touched, Facts facts) {
        return layer().with(
                        "object",
                        () -> CelValues.of(
                                touched.after() == null
                                        ? null
                                        : touched.after().tree().root()))
                .with(
                        "oldObject",
                        () -> touched.before() == null
                                ? Optional.empty()
                                : Optional.of(
                                        CelValues.of(touched.before().tree().root())))
                .with("operation", () -> touched.operation().label())
                .with("path", touched::path)
                .with(
                        "siblings",
                        () -> facts.siblings().apply(touched.path()).stream()
                                .map(View::sibling)
                                .toList());
    }

    /** A new layer on top of this one. */
    Variables layer() {
        return new Variables(Optional.of(this));
    }

    Variables with(String name, Supplier<Object> source) {
        sources.put(name, source);
        return this;
    }

    @Override
    public Optional<Object> find(String name) {
        Supplier<Object> source = sources.get(name);
        if (source == null) {
            return below.flatMap(layer -> layer.find(name));
        }
        Object known = values.get(name);
        if (known == null) {
            known = source.get();
            values.put(name, known);
        }
        return Optional.of(known);
    }
}
