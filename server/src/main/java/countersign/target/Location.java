package countersign.target;

import countersign.codec.Refusal;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where one system stands at one target.
 *
 * @param target name of the Target document
 * @param address where the driver finds the target; for a directory, the path below the root of all targets
 * @param system name of the system
 */
public record Location(String target, String address, String system) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public Location {
        checkName("target", target);
        checkName("system", system);
    }

    /** {@code system@target}, as people read it. */
    @Override
    public String toString() {
        return system + "@" + target;
    }

    /**
     * The parts of a relative path of forward slashes; a Refusal {@code target-path-escapes} for anything that could
     * lead elsewhere.
     */
    static List<String> partsOf(String path) {
        List<String> parts = List.of(path.split("/", -1));
        boolean safe =
                path.length() <= 1024 && parts.size() <= 64 && parts.stream().allMatch(Location::safe);
        if (!safe) {
            throw new Refusal(
                    "target-path-escapes",
                    "not a plain relative path: " + path.replaceAll("\\p{Cntrl}", "?"),
                    "use names separated by /, without . and .. and without a leading or trailing /");
        }
        return parts;
    }

    private static boolean safe(String part) {
        return !part.isEmpty()
                && !part.equals(".")
                && !part.equals("..")
                && part.indexOf('\\') < 0
                && part.chars().noneMatch(Character::isISOControl);
    }

    private static void checkName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Refusal("malformed-name", what + " is not a DNS label: " + name.replaceAll("\\p{Cntrl}", "?"));
        }
    }
}
