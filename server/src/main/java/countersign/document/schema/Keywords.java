package countersign.document.schema;

import countersign.document.PathRules;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SchemaParsingContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The keywords {@code pattern}, {@code format} and {@code uniqueItems} as our schemas mean them: a final {@code $} is the
 * very end, which in Java it is not before a line feed; a format binds; and uniqueness costs linear time.
 */
final class Keywords implements EvaluatorFactory {
    /** The longest list whose elements are compared; every schema with {@code uniqueItems} allows at most as many. */
    static final int MAX_UNIQUE = 1000;

    private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();

    @Override
    public Optional<Evaluator> create(SchemaParsingContext context, String keyword, JsonNode value) {
        if (keyword.equals("uniqueItems") && value.isBoolean()) {
            return Optional.of((instance, node) -> unique(node));
        }
        if (!value.isString()) {
            return Optional.empty();
        }
        return switch (keyword) {
            case "pattern" -> Optional.of(evaluator(pattern(value.asString())));
            case "format" -> Optional.of(evaluator(format(value.asString())));
            default -> Optional.empty();
        };
    }

    /** The library compares each element with each. Longer lists than this are refused by {@code maxItems} anyway. */
    private static Evaluator.Result unique(JsonNode node) {
        if (!node.isArray()) {
            return Evaluator.Result.success();
        }
        List<JsonNode> elements = node.asArray();
        boolean unique = elements.size() > MAX_UNIQUE || new HashSet<>(elements).size() == elements.size();
        return unique ? Evaluator.Result.success() : Evaluator.Result.failure("an element stands twice");
    }

    private static Predicate<String> pattern(String text) {
        String exact = text.endsWith("$") ? text.substring(0, text.length() - 1) + "\\z" : text;
        return Pattern.compile(exact).asPredicate();
    }

    private static Predicate<String> format(String name) {
        return switch (name) {
            case "date" -> text -> parses(() -> LocalDate.parse(text));
            case "local-date-or-time" ->
                text -> parses(() -> LocalDate.parse(text)) || parses(() -> LocalDateTime.parse(text));
            case "time-zone" -> text -> text.equals("UTC") || (text.contains("/") && ZONES.contains(text));
            case "span" -> text -> isSpan(text);
            case "date-time" -> text -> text.endsWith("Z") && parses(() -> Instant.parse(text));
            case "date-or-time" ->
                text -> parses(() -> LocalDate.parse(text))
                        || (text.endsWith("Z") && parses(() -> Instant.parse(text)));
            case "duration" ->
                text -> parses(() -> Duration.parse(text))
                        && !Duration.parse(text).isNegative();
            case "relative-path" -> PathRules::isSafeRelative;
            default -> throw new IllegalArgumentException("no schema of ours uses the format " + name);
        };
    }

    private static boolean isSpan(String text) {
        boolean calendar = parses(() -> Period.parse(text));
        return calendar
                ? !Period.parse(text).isNegative() && !Period.parse(text).isZero()
                : parses(() -> Duration.parse(text)) && Duration.parse(text).compareTo(Duration.ZERO) > 0;
    }

    private static boolean parses(Runnable parser) {
        try {
            parser.run();
            return true;
        } catch (DateTimeException | ArithmeticException malformed) {
            return false;
        }
    }

    private static Evaluator evaluator(Predicate<String> rule) {
        return (context, node) -> !node.isString() || rule.test(node.asString())
                ? Evaluator.Result.success()
                : Evaluator.Result.failure("does not match");
    }
}
