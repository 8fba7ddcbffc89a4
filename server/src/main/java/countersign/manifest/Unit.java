package countersign.manifest;

import countersign.codec.CanonicalJson;
import java.util.Comparator;

/**
 * The smallest thing that is applied: one system on one target. It owns its own folder there, so no two units share a
 * path.
 *
 * @param target name of the Target
 * @param system name of the SystemConfig
 */
public record Unit(String target, String system) implements Comparable<Unit> {
    private static final Comparator<Unit> ORDER = Comparator.comparing(Unit::target, CanonicalJson.UTF8_ORDER)
            .thenComparing(Unit::system, CanonicalJson.UTF8_ORDER);

    @Override
    public int compareTo(Unit other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return target + "/" + system;
    }
}
