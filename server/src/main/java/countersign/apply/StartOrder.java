package countersign.apply;

import countersign.codec.Refusal;
import countersign.manifest.Unit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The order in which the units of one change are brought forward. */
final class StartOrder {
    private StartOrder() {}

    /**
     * Each unit after all units of the systems it starts after, otherwise in the order of target and system; a Refusal
     * {@code start-order-cycle} if that can't be.
     */
    static List<Unit> of(Collection<Unit> units, Function<Unit, Set<String>> startAfter) {
        Map<Unit, Set<String>> waiting = new TreeMap<>();
        units.forEach(unit -> waiting.put(unit, startAfter.apply(unit)));
        List<Unit> order = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Set<String> systems = waiting.keySet().stream().map(Unit::system).collect(Collectors.toSet());
            Unit next = waiting.entrySet().stream()
                    .filter(entry -> entry.getValue().stream()
                            .noneMatch(system -> !system.equals(entry.getKey().system()) && systems.contains(system)))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow(() ->
                            new Refusal("start-order-cycle", "these units wait for each other: " + waiting.keySet()));
            waiting.remove(next);
            order.add(next);
        }
        return order;
    }
}
