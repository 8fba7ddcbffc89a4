package countersign.document;

import countersign.codec.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of versions: bounds with spaces between, all of which must hold, as {@code >=2.2.0 <2.4.0}; a version alone
 * means itself.
 *
 * @param bounds the bounds
 */
public record VersionRange(List<Bound> bounds) {
    private static final int MAX_BOUNDS = 8;

    /** How a version is compared with a bound. */
    private enum Comparison {
        AT_LEAST(">="),
        AT_MOST("<="),
        ABOVE(">"),
        BELOW("<"),
        EQUAL("=");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        boolean holds(int order) {
            return switch (this) {
                case AT_LEAST -> order >= 0;
                case AT_MOST -> order <= 0;
                case ABOVE -> order > 0;
                case BELOW -> order < 0;
                case EQUAL -> order == 0;
            };
        }
    }

    /**
     * One bound.
     *
     * @param sign one of {@code >= <= > < =}
     * @param version the version that is compared with
     */
    public record Bound(String sign, VersionNumber version) {
        boolean holds(VersionNumber candidate) {
            return comparison(sign).holds(candidate.compareTo(version));
        }
    }

    public VersionRange {
        bounds = List.copyOf(bounds);
    }

    /** Reads a range; a Refusal {@code wrong-version} if it can't be compared with. */
    public static VersionRange parse(String text) {
        List<Bound> bounds = new ArrayList<>();
        for (String part : text.strip().split(" +", MAX_BOUNDS + 1)) {
            Comparison comparison = comparison(part);
            String version = part.startsWith(comparison.sign) ? part.substring(comparison.sign.length()) : part;
            bounds.add(new Bound(comparison.sign, VersionNumber.parse(version)));
        }
        if (bounds.size() > MAX_BOUNDS) {
            throw new Refusal("wrong-version", "a range has at most " + MAX_BOUNDS + " bounds");
        }
        return new VersionRange(bounds);
    }

    public boolean contains(VersionNumber version) {
        return bounds.stream().allMatch(bound -> bound.holds(version));
    }

    private static Comparison comparison(String text) {
        for (Comparison comparison : Comparison.values()) {
            if (text.startsWith(comparison.sign)) {
                return comparison;
            }
        }
        return Comparison.EQUAL;
    }
}
