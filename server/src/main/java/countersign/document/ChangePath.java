package countersign.document;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a change: {@code changes/<day>/<name>.yaml} holds the request, {@code changes/<day>/<name>/} what the
 * server writes at its merge (PROTOCOL §1.4).
 *
 * @param day the day it was opened, for example {@code 2026-11-21}
 * @param name its name, a DNS label
 */
public record ChangePath(String day, String name) {
    private static final Pattern DOCUMENT =
            Pattern.compile("changes/([0-9]{4}-[0-9]{2}-[0-9]{2})/([a-z0-9-]{1,63})\\.yaml");
    private static final Pattern EVIDENCE =
            Pattern.compile("changes/([0-9]{4}-[0-9]{2}-[0-9]{2})/([a-z0-9-]{1,63})/.{1,300}");

    /** The change whose request a path holds; empty if it is another path. */
    public static Optional<ChangePath> ofDocument(String path) {
        return match(DOCUMENT, path);
    }

    /** The change in whose server-written folder a path lies; empty if it lies elsewhere. */
    public static Optional<ChangePath> ofEvidence(String path) {
        return match(EVIDENCE, path);
    }

    /** {@code changes/<day>/<name>.yaml}. */
    public String document() {
        return "changes/" + day + "/" + name + ".yaml";
    }

    /** {@code changes/<day>/<name>/}, with the slash. */
    public String folder() {
        return "changes/" + day + "/" + name + "/";
    }

    /** {@code <day>/<name>}, as the manifest has it. */
    public String id() {
        return day + "/" + name;
    }

    private static Optional<ChangePath> match(Pattern pattern, String path) {
        Matcher matcher = pattern.matcher(path);
        boolean found = matcher.matches() && isDay(matcher.group(1)) && PathRules.isName(matcher.group(2));
        return found ? Optional.of(new ChangePath(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    private static boolean isDay(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException noSuchDay) {
            return false;
        }
    }
}
