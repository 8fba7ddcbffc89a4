package countersign.document.reference;

import countersign.document.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a change reaches: the documents it changes, the systems that have a changed package, key or target, whatever needs
 * a reached system, the agreements that cover one, and the targets that reached systems stand on. Nothing is reached by
 * way of a target that only a reached system stands on.
 *
 * @param reached by distance, then kind and name
 */
public record Impact(List<Reached> reached) {
    /**
     * One document that is reached.
     *
     * @param name the document
     * @param distance 0 if the change itself changes it
     * @param because the reference that it was reached by; empty at distance 0
     */
    public record Reached(DocumentName name, int distance, Optional<Reference> because) {}

    public Impact {
        reached = reached.stream()
                .sorted(Comparator.comparingInt(Reached::distance).thenComparing(Reached::name))
                .toList();
    }

    /** What changed documents reach by the references of an index; the cost follows what is reached. */
    public static Impact of(Collection<DocumentName> changed, ReferenceIndex index) {
        Map<DocumentName, Reached> reached = new HashMap<>();
        Deque<Reached> open = new ArrayDeque<>();
        for (DocumentName name : changed) {
            Reached here = new Reached(name, 0, Optional.empty());
            reached.put(name, here);
            open.add(here);
        }
        while (!open.isEmpty()) {
            Reached here = open.remove();
            for (Step step : steps(here, index)) {
                Reached next = new Reached(step.to(), here.distance() + 1, Optional.of(step.by()));
                if (reached.putIfAbsent(step.to(), next) == null) {
                    open.add(next);
                }
            }
        }
        return new Impact(List.copyOf(reached.values()));
    }

    /** Both together, each document at its nearest. */
    public Impact and(Impact other) {
        Map<DocumentName, Reached> nearest = new HashMap<>();
        for (Impact impact : List.of(this, other)) {
            for (Reached one : impact.reached) {
                nearest.merge(one.name(), one, (a, b) -> b.distance() < a.distance() ? b : a);
            }
        }
        return new Impact(List.copyOf(nearest.values()));
    }

    /** The names of the reached documents of a kind. */
    public List<String> names(Kind kind) {
        return reached.stream()
                .map(Reached::name)
                .filter(name -> name.kind() == kind)
                .map(DocumentName::name)
                .toList();
    }

    private record Step(DocumentName to, Reference by) {}

    private static List<Step> steps(Reached here, ReferenceIndex index) {
        List<Step> steps = new ArrayList<>();
        boolean changed = here.distance() == 0;
        for (Reference reference : index.to(here.name())) {
            boolean reaches = switch (reference.relation()) {
                case BASE, DEPENDENCY, START, PACKAGE, KEY, REQUIREMENT, SERVICE -> true;
                case TARGET -> changed;
                case USER, PREDECESSOR, REQUEST, OTHER -> false;
            };
            if (reaches) {
                steps.add(new Step(reference.from(), reference));
            }
        }
        for (Reference reference : index.from(here.name())) {
            if (reference.relation() == Relation.TARGET || reference.relation() == Relation.USER) {
                steps.add(new Step(reference.to(), reference));
            }
        }
        return steps;
    }
}
