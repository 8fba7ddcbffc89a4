package countersign.policy;

import java.util.List;

/**
 * A pattern over slash-separated text, a path or a JSON pointer: {@code ?} is one character and {@code *} any number of
 * them within a segment, {@code **} as a whole segment is any number of segments, none included. Matches in time
 * proportional to pattern times text.
 *
 * @param segments the segments of the pattern
 */
public record Glob(List<String> segments) {
    private static final String ANY_SEGMENTS = "**";

    public Glob {
        segments = List.copyOf(segments);
    }

    static Glob of(String pattern) {
        return new Glob(segmentsOf(pattern));
    }

    boolean matches(String text) {
        List<String> parts = segmentsOf(text);
        int pattern = 0;
        int part = 0;
        int star = -1;
        int resume = 0;
        while (part < parts.size()) {
            if (pattern < segments.size() && segments.get(pattern).equals(ANY_SEGMENTS)) {
                star = pattern++;
                resume = part;
            } else if (pattern < segments.size() && segmentMatches(segments.get(pattern), parts.get(part))) {
                pattern++;
                part++;
            } else if (star >= 0) {
                pattern = star + 1;
                part = ++resume;
            } else {
                return false;
            }
        }
        return segments.subList(pattern, segments.size()).stream().allMatch(ANY_SEGMENTS::equals);
    }

    private static boolean segmentMatches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        return pattern.substring(p).chars().allMatch(c -> c == '*');
    }

    private static List<String> segmentsOf(String text) {
        return List.of(text.split("/", -1));
    }
}
