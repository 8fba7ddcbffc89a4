package countersign.policy.cel;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What programs came to while they ran: which of their conditions were seen true and which false, and the values of the
 * last run that did not come to true. Not thread-safe.
 */
public final class Observation {
    private static final int MAX_TEXT = 200;

    private final Map<CelProgram, Seen> programs = new HashMap<>();
    private long steps;

    /** Forgets the values, not the conditions. */
    public void forgetValues() {
        programs.values().forEach(seen -> {
            seen.values = new HashMap<>();
            seen.broken = new HashMap<>();
        });
    }

    /** All steps that were seen. */
    public long steps() {
        return steps;
    }

    /** Conditions of a program that were never seen true, or never false. */
    public List<Gap> gaps(CelProgram program) {
        Seen seen = programs.getOrDefault(program, new Seen());
        return program.parts().stream()
                .filter(Part::condition)
                .flatMap(part -> seen.gap(part).stream())
                .toList();
    }

    /**
     * Of the program's last run that did not come to true, or else of its last one: each part with its value, but for
     * whole objects, outermost first; empty if it did not run.
     */
    public Map<String, String> explain(CelProgram program) {
        Seen seen = programs.getOrDefault(program, new Seen());
        Map<Long, @Nullable Object> last = seen.broken.isEmpty() ? seen.values : seen.broken;
        Map<String, String> values = new LinkedHashMap<>();
        for (Part part : program.parts()) {
            if (last.containsKey(part.id()) && !(last.get(part.id()) instanceof Map)) {
                values.putIfAbsent(part.text(), text(last.get(part.id())));
            }
        }
        return values;
    }

    void begin(CelProgram program) {
        programs.computeIfAbsent(program, key -> new Seen()).values = new HashMap<>();
    }

    void saw(CelProgram program, long part, @Nullable Object value) {
        steps++;
        Seen seen = programs.computeIfAbsent(program, key -> new Seen());
        seen.values.put(part, value);
        if (value instanceof Boolean truth) {
            seen.truths.merge(part, truth ? 1 : 2, (a, b) -> a | b);
        }
    }

    void end(CelProgram program, boolean good) {
        Seen seen = programs.computeIfAbsent(program, key -> new Seen());
        if (!good) {
            seen.broken = seen.values;
        }
    }

    /** A condition that was seen in one way at most. */
    public record Gap(Part part, String missing) {}

    private static final class Seen {
        private final Map<Long, Integer> truths = new HashMap<>();
        private Map<Long, @Nullable Object> values = new HashMap<>();
        private Map<Long, @Nullable Object> broken = new HashMap<>();

        Optional<Gap> gap(Part part) {
            return switch (truths.getOrDefault(part.id(), 0)) {
                case 0 -> Optional.of(new Gap(part, "never reached"));
                case 1 -> Optional.of(new Gap(part, "never false"));
                case 2 -> Optional.of(new Gap(part, "never true"));
                default -> Optional.empty();
            };
        }
    }

    private static String text(@Nullable Object value) {
        String text = value instanceof String string ? "'" + string + "'" : String.valueOf(value);
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }
}
