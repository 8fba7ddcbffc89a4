package countersign.history;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Cuts texts into the words that searches find: runs of letters and digits, folded by NFKC and to lower case. Scripts
 * without spaces between words (Han, kana, Hangul) give every character and every pair of neighbours.
 */
final class Words {
    private static final int MAX_LENGTH = 64;

    private Words() {}

    /** Every word by which a text is found. */
    static void eachOf(String text, Consumer<String> words) {
        for (int[] run : runs(text)) {
            if (isUnspaced(run[0])) {
                for (int i = 0; i < run.length; i++) {
                    words.accept(new String(run, i, 1));
                }
                pairs(run).forEach(words);
            } else {
                words.accept(word(run));
            }
        }
    }

    /** The words that a text must have to be found by what somebody types. */
    static List<String> wanted(String typed) {
        List<String> words = new ArrayList<>();
        for (int[] run : runs(typed)) {
            if (isUnspaced(run[0]) && run.length > 1) {
                words.addAll(pairs(run));
            } else {
                words.add(word(run));
            }
        }
        return words;
    }

    /** Whether what somebody types ends within a word that may go on. */
    static boolean endsOpen(String typed) {
        String folded = fold(typed);
        if (folded.isEmpty()) {
            return false;
        }
        int last = folded.codePointBefore(folded.length());
        return isPart(last) && !isUnspaced(last);
    }

    private static List<String> pairs(int[] run) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < run.length; i++) {
            pairs.add(new String(run, i, 2));
        }
        return pairs;
    }

    private static String word(int[] run) {
        return new String(run, 0, Math.min(run.length, MAX_LENGTH));
    }

    /** The words of a text as code points; a change between scripts with and without spaces ends a word. */
    private static List<int[]> runs(String text) {
        int[] points = fold(text).codePoints().toArray();
        List<int[]> runs = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= points.length; i++) {
            boolean part = i < points.length && isPart(points[i]);
            boolean ends = !part || (i > from && isUnspaced(points[i]) != isUnspaced(points[from]));
            if (ends && i > from) {
                runs.add(Arrays.copyOfRange(points, from, i));
                from = i;
            }
            from = part ? from : i + 1;
        }
        return runs;
    }

    private static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    private static boolean isPart(int point) {
        return Character.isLetterOrDigit(point) || Character.getType(point) == Character.NON_SPACING_MARK;
    }

    private static boolean isUnspaced(int point) {
        return switch (Character.UnicodeScript.of(point)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }
}
