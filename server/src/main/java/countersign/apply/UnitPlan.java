package countersign.apply;

import countersign.target.HealthCheck;
import countersign.target.Location;
import java.util.Set;

/**
 * How one unit is applied: everything but its files.
 *
 * @param location where it stands
 * @param driver name of the driver
 * @param moved whether the merge changes where it stands, so that nothing stands there yet
 * @param startAfter names of the systems that are brought forward before it
 * @param health what must hold afterwards
 * @param backups how many earlier releases are kept
 */
public record UnitPlan(
        Location location,
        String driver,
        boolean moved,
        Set<String> startAfter,
        HealthCheck.Suite health,
        int backups) {
    public UnitPlan {
        startAfter = Set.copyOf(startAfter);
    }
}
