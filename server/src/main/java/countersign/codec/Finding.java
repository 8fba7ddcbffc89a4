package countersign.codec;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong, or worth knowing, about an input.
 *
 * @param rule stable kebab-case name of the rule, for example {@code duplicate-key}
 * @param severity how grave it is
 * @param message both sides of the disagreement: what was found and what was expected; never a secret
 * @param place where, if it has a place
 * @param wayOut what would satisfy the rule, if that is not plain from the message
 */
public record Finding(
        String rule,
        Severity severity,
        String message,
        @Nullable Place place,
        @Nullable String wayOut) {
    /** How grave a finding is: {@code ERROR} blocks, the others do not. */
    public enum Severity {
        ERROR,
        WARNING,
        INFO
    }

    public static Finding error(String rule, String message) {
        return new Finding(rule, Severity.ERROR, message, null, null);
    }

    public static Finding error(String rule, String message, Place place) {
        return new Finding(rule, Severity.ERROR, message, place, null);
    }

    public static Finding warning(String rule, String message, Place place) {
        return new Finding(rule, Severity.WARNING, message, place, null);
    }

    public Finding withWayOut(@Nullable String text) {
        return new Finding(rule, severity, message, place, text);
    }

    public Finding at(Place where) {
        return new Finding(rule, severity, message, where, wayOut);
    }

    public boolean blocks() {
        return severity == Severity.ERROR;
    }

    /** {@code place: message [rule]; way out}, on one line. */
    @Override
    public String toString() {
        return (place == null ? "" : place + ": ")
                + message
                + " ["
                + rule
                + "]"
                + (wayOut == null ? "" : "; " + wayOut);
    }
}
