package countersign.manifest.assessment;

import countersign.access.PathFacets;
import countersign.access.RepositorySettings;
import countersign.codec.Fields;
import countersign.document.Document;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables by which changes are assessed: risk from likelihood and impact, priority from urgency and importance, and how
 * soon a change of each priority is to be decided. They stand in {@code countersign.yaml}, a trust folder of its own, so
 * that no change is assessed by what it brings.
 *
 * @param risks level by likelihood, then impact
 * @param priorities from 1, first, to 5, by urgency, then importance
 * @param decideWithin spans of days and hours in ISO 8601, one for each priority
 * @param zone in which days are counted
 */
public record Assessment(
        Map<Grade, Map<Grade, RiskLevel>> risks,
        Map<Grade, Map<Grade, Integer>> priorities,
        List<String> decideWithin,
        ZoneId zone) {
    /** What counts where the repository says nothing. */
    public static final Assessment USUAL = new Assessment(
            usualRisks(), usualPriorities(), List.of("PT4H", "P1D", "P3D", "P7D", "P14D"), ZoneOffset.UTC);

    public Assessment {
        risks = Map.copyOf(risks);
        priorities = Map.copyOf(priorities);
        decideWithin = List.copyOf(decideWithin);
    }

    /** The tables of a tree. */
    public static Assessment of(Snapshot snapshot, DocumentReader documents) {
        return documents
                .find(snapshot, RepositorySettings.PATH)
                .map(Document::spec)
                .flatMap(spec -> Optional.ofNullable(spec.objectOrNull("assessment")))
                .map(Assessment::read)
                .orElse(USUAL);
    }

    private static Assessment read(Fields fields) {
        Fields risk = fields.objectOrNull("risk");
        Fields priority = fields.objectOrNull("priority");
        List<String> within = fields.textList("decideWithin");
        return new Assessment(
                risk == null ? USUAL.risks : table(risk, (row, column) -> RiskLevel.of(row.text(column))),
                priority == null ? USUAL.priorities : table(priority, Fields::smallInteger),
                within.isEmpty() ? USUAL.decideWithin : within,
                ZoneId.of(fields.textOr("timeZone", "UTC")));
    }

    private static <V> Map<Grade, Map<Grade, V>> table(Fields rows, Cell<V> cell) {
        Map<Grade, Map<Grade, V>> table = new EnumMap<>(Grade.class);
        for (Grade first : Grade.values()) {
            Fields row = rows.object(first.label());
            Map<Grade, V> cells = new EnumMap<>(Grade.class);
            for (Grade second : Grade.values()) {
                cells.put(second, cell.read(row, second.label()));
            }
            table.put(first, cells);
        }
        return table;
    }

    /** Reads one cell of a row. */
    @FunctionalInterface
    private interface Cell<V> {
        V read(Fields row, String column);
    }

    private static <V> Map<Grade, V> row(V low, V medium, V high) {
        return Map.of(Grade.LOW, low, Grade.MEDIUM, medium, Grade.HIGH, high);
    }

    private static Map<Grade, Map<Grade, RiskLevel>> usualRisks() {
        return row(
                row(RiskLevel.LOW, RiskLevel.LOW, RiskLevel.MEDIUM),
                row(RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH),
                row(RiskLevel.MEDIUM, RiskLevel.HIGH, RiskLevel.CRITICAL));
    }

    private static Map<Grade, Map<Grade, Integer>> usualPriorities() {
        return row(row(5, 4, 3), row(4, 3, 2), row(3, 2, 1));
    }

    /** The risk of a change that touches these paths. */
    public Risk risk(Declared declared, List<PathFacets> touched) {
        Optional<RiskLevel> criticality = touched.stream()
                .flatMap(path -> path.criticalities().stream())
                .map(RiskLevel::of)
                .max(RiskLevel::compareTo);
        Grade impact = orHigh(declared.impact());
        Risk.Counted counted = new Risk.Counted(
                orHigh(declared.likelihood()),
                criticality.map(RiskLevel::impact).map(impact::orMore).orElse(impact));
        return new Risk(
                declared.likelihood(),
                declared.impact(),
                criticality.orElse(null),
                criticality.map(level -> having(level, touched)).orElse(List.of()),
                counted,
                cell(risks, counted.likelihood(), counted.impact()));
    }

    private static List<String> having(RiskLevel level, List<PathFacets> touched) {
        List<String> paths = new ArrayList<>();
        touched.stream()
                .filter(path -> path.criticalities().contains(level.label()))
                .forEach(path -> paths.add(path.path()));
        return paths;
    }

    /** What nobody assessed is not thereby harmless. */
    private static Grade orHigh(@Nullable Grade grade) {
        return grade == null ? Grade.HIGH : grade;
    }

    /** From 1, first, to 5; what is not declared counts as medium, and an emergency is always first. */
    public int priority(Declared declared, boolean emergency) {
        return emergency ? 1 : cell(priorities, orMedium(declared.urgency()), orMedium(declared.importance()));
    }

    private static Grade orMedium(@Nullable Grade grade) {
        return grade == null ? Grade.MEDIUM : grade;
    }

    /** Until when a change of a priority is to be decided: so many days of the calendar and hours after its opening. */
    public Instant decideBy(int priority, Instant opened) {
        String span = decideWithin.get(priority - 1);
        int time = span.indexOf('T');
        String days = time < 0 ? span.substring(1) : span.substring(1, time);
        Instant day = days.isEmpty()
                ? opened
                : opened.atZone(zone)
                        .plusDays(Long.parseLong(days.substring(0, days.length() - 1)))
                        .toInstant();
        return time < 0 ? day : day.plus(Duration.parse("P" + span.substring(time)));
    }

    private static <V> V cell(Map<Grade, Map<Grade, V>> table, Grade first, Grade second) {
        Map<Grade, V> row = table.get(first);
        V value = row == null ? null : row.get(second);
        if (value == null) {
            throw new IllegalStateException("a table has a cell for every pair of grades");
        }
        return value;
    }
}
