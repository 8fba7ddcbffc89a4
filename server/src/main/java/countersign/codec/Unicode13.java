package countersign.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The characters of Unicode 13. Which characters exist, and so how names normalize and fold, differs between Java
 * versions; of those in Unicode 13 nothing that we ask has changed since. So every Java judges a path alike.
 */
public final class Unicode13 {
    private static final NavigableMap<Integer, Integer> UNASSIGNED = read("/unicode/unassigned-13.txt");

    private Unicode13() {}

    public static boolean isAssigned(int codePoint) {
        Map.Entry<Integer, Integer> gap = UNASSIGNED.floorEntry(codePoint);
        return gap == null || gap.getValue() < codePoint;
    }

    /** First and last code points of the gaps, as {@code first-last} in hexadecimal digits, divided by blanks. */
    private static NavigableMap<Integer, Integer> read(String resource) {
        NavigableMap<Integer, Integer> gaps = new TreeMap<>();
        try (InputStream in = Objects.requireNonNull(Unicode13.class.getResourceAsStream(resource))) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            for (String gap : text.strip().split("\\s+", -1)) {
                int dash = gap.indexOf('-');
                gaps.put(Integer.parseInt(gap.substring(0, dash), 16), Integer.parseInt(gap.substring(dash + 1), 16));
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return gaps;
    }
}
