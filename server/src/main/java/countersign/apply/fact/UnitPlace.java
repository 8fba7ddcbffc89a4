package countersign.apply.fact;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.manifest.UnitContent;
import countersign.target.Location;

/**
 * Where a unit is brought to.
 *
 * @param driver name of the driver
 * @param location the place, as that driver finds it
 */
public record UnitPlace(String driver, Location location) {
    /** As the target's document says; a Refusal {@code unknown-driver} if that has no settings of its driver. */
    public static UnitPlace of(UnitContent content) {
        Fields target =
                Fields.of("the plan of " + content.unit(), content.plan()).object("target");
        String driver = target.text("driver");
        Fields settings = target.objectOrNull(driver);
        if (settings == null) {
            throw new Refusal(
                    "unknown-driver", "target " + content.unit().target() + " has no settings of the driver " + driver);
        }
        return new UnitPlace(
                driver,
                new Location(
                        content.unit().target(),
                        settings.text("path"),
                        content.unit().system()));
    }
}
