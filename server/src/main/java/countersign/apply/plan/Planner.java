package countersign.apply.plan;

import countersign.manifest.Manifest;
import countersign.manifest.SystemUnits;
import countersign.manifest.Unit;
import countersign.manifest.UnitContent;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import countersign.target.ReleaseFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans the units of a change from the trees before and after it. Thread-safe. */
public final class Planner {
    private final SystemUnits systems;

    public Planner(DocumentReader documents) {
        this(new SystemUnits(documents));
    }

    public Planner(SystemUnits systems) {
        this.systems = systems;
    }

    /** The plan for the units that a manifest names; holds the files of one unit at a time. */
    public Plan plan(Snapshot before, Snapshot after, List<Manifest.UnitChange> units) {
        List<Plan.UnitPart> parts = new ArrayList<>();
        for (Manifest.UnitChange affected : units) {
            Unit unit = affected.unit();
            Plan.Subject subject = new Plan.Subject(unit, side(before, unit), side(after, unit));
            parts.addAll(Plan.of(List.of(subject)).units());
        }
        return new Plan(parts);
    }

    private Plan.@Nullable Side side(Snapshot snapshot, Unit unit) {
        Optional<UnitContent> content = systems.find(snapshot, unit);
        return content.map(found -> new Plan.Side(files(snapshot, found), found.plan(), origins(snapshot, unit)))
                .orElse(null);
    }

    private Origins origins(Snapshot snapshot, Unit unit) {
        return systems.document(snapshot, unit.system()).map(Origins::of).orElse(Origins.NONE);
    }

    private static List<ReleaseFile> files(Snapshot snapshot, UnitContent content) {
        return content.files().stream()
                .map(file -> new ReleaseFile(file.path(), file.mode(), file.bytes(snapshot)))
                .toList();
    }
}
