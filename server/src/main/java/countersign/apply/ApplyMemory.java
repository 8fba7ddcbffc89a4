package countersign.apply;

import countersign.codec.Fields;
import countersign.codec.Json;
import countersign.codec.Sha256;
import countersign.manifest.Unit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Applications} knew when they had seen the first entries of a log: enough to go on without reading these
 * entries again.
 *
 * @param entries how many entries they had seen
 * @param unsettled log indexes of the merges for which something was due
 * @param units what was known of each unit
 */
public record ApplyMemory(long entries, Set<Long> unsettled, Map<Unit, Known> units) {
    /** Of a log that nobody has looked at. */
    public static final ApplyMemory NONE = new ApplyMemory(0, Set.of(), Map.of());

    public ApplyMemory {
        unsettled = Set.copyOf(unsettled);
        units = Map.copyOf(units);
    }

    /**
     * What is known of one unit.
     *
     * @param states digests that it may be found with, the one known longest first; empty for nothing there
     * @param recorded what the last receipt says stands there
     * @param applied whether a merge ever came to stand there
     * @param newest the number of the last merge that has it
     * @param merge the commit of the merge that stands; empty if none is known
     * @param earlier the same of the one before it
     */
    record Known(
            Set<Optional<Sha256>> states,
            Optional<Sha256> recorded,
            boolean applied,
            long newest,
            String merge,
            String earlier) {
        Known {
            states = Collections.unmodifiableSet(new LinkedHashSet<>(states));
        }
    }

    /** The form in which it is kept; read by {@link #parse} of the same version of the program or a later one. */
    public String text() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("entries", entries);
        members.put(
                "unsettled", unsettled.stream().sorted().map(String::valueOf).toList());
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        new TreeMap<>(units).forEach((unit, known) -> list.add(members(unit, known)));
        members.put("units", list);
        return new String(Json.write(members), StandardCharsets.UTF_8);
    }

    /** Reads what {@link #text} wrote. */
    public static ApplyMemory parse(String text) {
        String what = "apply memory";
        Fields fields = Fields.of(what, Json.readObject(what, text.getBytes(StandardCharsets.UTF_8)));
        Map<Unit, Known> units = new TreeMap<>();
        for (Fields unit : fields.objectList("units")) {
            units.put(new Unit(unit.text("target"), unit.text("system")), known(unit));
        }
        Set<Long> unsettled = new TreeSet<>();
        fields.textList("unsettled").forEach(index -> unsettled.add(Long.valueOf(index)));
        return new ApplyMemory(fields.integer("entries"), unsettled, units);
    }

    private static Map<String, @Nullable Object> members(Unit unit, Known known) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("target", unit.target());
        members.put("system", unit.system());
        members.put("states", known.states().stream().map(ApplyMemory::word).toList());
        members.put("recorded", word(known.recorded()));
        members.put("applied", known.applied());
        members.put("newest", known.newest());
        members.put("merge", known.merge());
        members.put("earlier", known.earlier());
        return members;
    }

    private static Known known(Fields unit) {
        return new Known(
                unit.textList("states").stream()
                        .map(ApplyMemory::digest)
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                digest(unit.text("recorded")),
                unit.flag("applied"),
                unit.integer("newest"),
                unit.textOr("merge", ""),
                unit.textOr("earlier", ""));
    }

    private static String word(Optional<Sha256> digest) {
        return digest.map(Sha256::hex).orElse("");
    }

    private static Optional<Sha256> digest(String word) {
        return word.isEmpty() ? Optional.empty() : Optional.of(new Sha256(word));
    }
}
