package countersign.web.api.view;

import java.util.ArrayList;
import java.util.List;

/**
 * The difference of two texts line by line: the fewest lines that go and come. Where both texts are so different that
 * this would cost too much, everything between the first and the last differing line goes and comes.
 */
final class LineDiff {
    private static final long MAX_CELLS = 4_000_000;

    private final List<Line> lines = new ArrayList<>();

    /** A line of either text, and whether it stays ({@code ' '}), goes ({@code '-'}) or comes ({@code '+'}). */
    private record Line(char sign, String text) {}

    private LineDiff() {}

    static LineDiff of(List<String> before, List<String> after) {
        LineDiff diff = new LineDiff();
        int shorter = Math.min(before.size(), after.size());
        int head = 0;
        while (head < shorter && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < shorter - head
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        diff.add(' ', before.subList(0, head));
        diff.middle(before.subList(head, before.size() - tail), after.subList(head, after.size() - tail));
        diff.add(' ', before.subList(before.size() - tail, before.size()));
        return diff;
    }

    /** Hunks with so many lines around each difference; empty for equal texts. */
    String unified(int context) {
        StringBuilder out = new StringBuilder();
        int end = 0;
        for (int start = next(0); start < lines.size(); start = next(end)) {
            int first = Math.max(end, start - context);
            end = hunkEnd(start, context);
            hunk(out, first, end);
        }
        return out.toString();
    }

    private int next(int from) {
        int at = from;
        while (at < lines.size() && lines.get(at).sign == ' ') {
            at++;
        }
        return at;
    }

    /** Where the hunk that has a difference at {@code start} ends: so many equal lines after its last difference. */
    private int hunkEnd(int start, int context) {
        int last = start;
        for (int at = start; at < lines.size() && at <= last + 2 * context; at++) {
            last = lines.get(at).sign == ' ' ? last : at;
        }
        return Math.min(lines.size(), last + context + 1);
    }

    private void hunk(StringBuilder out, int first, int end) {
        out.append("@@ -")
                .append(range(first, end, '+'))
                .append(" +")
                .append(range(first, end, '-'))
                .append(" @@\n");
        for (Line line : lines.subList(first, end)) {
            out.append(line.sign).append(line.text).append('\n');
        }
    }

    /** First line and number of lines in the text that has no lines of the other sign. */
    private String range(int first, int end, char otherSign) {
        long skipped = count(0, first, otherSign);
        long size = count(first, end, otherSign);
        return (size == 0 ? skipped : skipped + 1) + "," + size;
    }

    private long count(int first, int end, char otherSign) {
        return lines.subList(first, end).stream()
                .filter(line -> line.sign != otherSign)
                .count();
    }

    private void middle(List<String> before, List<String> after) {
        if ((long) before.size() * after.size() > MAX_CELLS) {
            add('-', before);
            add('+', after);
            return;
        }
        int[][] common = common(before, after);
        int left = 0;
        int right = 0;
        while (left < before.size() || right < after.size()) {
            boolean both = left < before.size() && right < after.size();
            if (both && before.get(left).equals(after.get(right))) {
                add(' ', List.of(before.get(left++)));
                right++;
            } else if (right == after.size() || (both && common[left + 1][right] >= common[left][right + 1])) {
                add('-', List.of(before.get(left++)));
            } else {
                add('+', List.of(after.get(right++)));
            }
        }
    }

    /** For each pair of ends, how many lines their best common subsequence has. */
    private static int[][] common(List<String> before, List<String> after) {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int left = before.size() - 1; left >= 0; left--) {
            for (int right = after.size() - 1; right >= 0; right--) {
                common[left][right] = before.get(left).equals(after.get(right))
                        ? common[left + 1][right + 1] + 1
                        : Math.max(common[left + 1][right], common[left][right + 1]);
            }
        }
        return common;
    }

    private void add(char sign, List<String> texts) {
        texts.forEach(text -> lines.add(new Line(sign, text)));
    }
}
