package countersign.change.impact;

import countersign.document.Kind;
import countersign.document.reference.Impact;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a change reaches, as computed and as declared; neither is taken for the other.
 *
 * @param computed what follows from the references between documents, before and after the change
 * @param systems systems that the request names
 * @param declared what the author expects to be affected besides
 */
public record ChangeImpact(Impact computed, List<String> systems, List<Declared> declared) {
    /**
     * One thing that the author expects to be affected.
     *
     * @param what a name or words
     * @param effect how
     * @param grade how bad that is; null if the author does not say
     */
    public record Declared(
            String what, String effect, @Nullable String grade) {}

    public ChangeImpact {
        systems = List.copyOf(systems);
        declared = List.copyOf(declared);
    }

    /** Systems that are reached but that the request names nowhere. */
    public List<String> undeclared() {
        TreeSet<String> names = new TreeSet<>(computed.names(Kind.SYSTEM_CONFIG));
        systems.forEach(names::remove);
        declared.forEach(one -> names.remove(one.what()));
        return List.copyOf(names);
    }

    /** Systems that the request names but that nothing leads to. */
    public List<String> unfounded() {
        TreeSet<String> names = new TreeSet<>(systems);
        computed.names(Kind.SYSTEM_CONFIG).forEach(names::remove);
        return List.copyOf(names);
    }
}
