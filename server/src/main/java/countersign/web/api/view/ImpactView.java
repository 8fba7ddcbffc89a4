package countersign.web.api.view;

import countersign.change.impact.ChangeImpact;
import countersign.document.reference.Impact;
import countersign.document.reference.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a change reaches: computed and declared, side by side.
 *
 * @param undeclared systems that are reached but not declared
 * @param unfounded systems that are declared but not reached
 */
public record ImpactView(
        List<ReachedView> computed, DeclaredView declared, List<String> undeclared, List<String> unfounded) {
    /**
     * One document that is reached.
     *
     * @param distance 0 if the change changes it
     * @param because what it was reached by; null at distance 0
     */
    record ReachedView(
            String kind,
            String name,
            int distance,
            @Nullable BecauseView because) {}

    /** A name in a document. */
    record BecauseView(String path, int line, int column, String pointer, String names) {}

    /** What the author says. */
    record DeclaredView(List<String> systems, List<ChangeImpact.Declared> impact) {}

    public static ImpactView of(ChangeImpact impact) {
        return new ImpactView(
                impact.computed().reached().stream().map(ImpactView::of).toList(),
                new DeclaredView(impact.systems(), impact.declared()),
                impact.undeclared(),
                impact.unfounded());
    }

    private static ReachedView of(Impact.Reached reached) {
        return new ReachedView(
                reached.name().kind().label(),
                reached.name().name(),
                reached.distance(),
                reached.because().map(ImpactView::of).orElse(null));
    }

    private static BecauseView of(Reference reference) {
        return new BecauseView(
                reference.path(),
                reference.place().line(),
                reference.place().column(),
                reference.pointer(),
                reference.to().toString());
    }
}
