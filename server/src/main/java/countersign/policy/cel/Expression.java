package countersign.policy.cel;

import countersign.codec.Place;
import java.util.stream.IntStream;

/**
 * A piece of CEL inside a policy file.
 *
 * @param text the expression
 * @param place where its YAML value begins
 * @param source the text of the whole file
 */
public record Expression(String text, Place place, String source) {
    /**
     * The place in the file of a character of the expression. Line breaks, indentation and quotes that YAML adds or
     * folds are skipped by counting only what is no white space; inside a quoted scalar with escapes the column may be
     * a little early.
     */
    public Place placeOf(int offset) {
        if (place.line() == 0) {
            return place;
        }
        long wanted = visible(text.codePoints().limit(offset));
        boolean end = wanted == visible(text.codePoints());
        int at = skipSpaces(skipIntroduction(offsetOf(place.line(), place.column())));
        for (long seen = 1; seen <= wanted && at < source.length(); seen++) {
            int next = source.offsetByCodePoints(at, 1);
            at = end && seen == wanted ? next : skipSpaces(next);
        }
        return placeAt(at);
    }

    private static long visible(IntStream characters) {
        return characters.filter(c -> !Character.isWhitespace(c)).count();
    }

    private int offsetOf(int line, int column) {
        int at = 0;
        for (int i = 1; i < line; i++) {
            at = source.indexOf('\n', at) + 1;
        }
        return Math.min(source.length(), at + column - 1);
    }

    private int skipIntroduction(int start) {
        char first = start < source.length() ? source.charAt(start) : ' ';
        if (first == '|' || first == '>') {
            int end = source.indexOf('\n', start);
            return end < 0 ? source.length() : end;
        }
        return first == '"' || first == '\'' ? start + 1 : start;
    }

    private int skipSpaces(int start) {
        int at = start;
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        return at;
    }

    private Place placeAt(int offset) {
        String before = source.substring(0, Math.min(offset, source.length()));
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - before.lastIndexOf('\n');
        return new Place(place.path(), line, column, place.pointer());
    }
}
