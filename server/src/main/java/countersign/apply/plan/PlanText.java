package countersign.apply.plan;

import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes one plan as text of at most 5,000 lines. Used once, by one thread. */
final class PlanText {
    private static final int MAX_LINES = 5_000;
    private static final int MAX_VALUE = 160;

    private final StringBuilder out = new StringBuilder();
    private int lines;

    String write(Plan plan) {
        if (plan.units().isEmpty()) {
            line("no target is affected");
        }
        plan.units().forEach(this::unit);
        if (lines > MAX_LINES) {
            out.append("… and ").append(lines - MAX_LINES).append(" more lines\n");
        }
        return out.toString();
    }

    private void unit(Plan.UnitPart part) {
        line(sign(part.action()) + " " + part.unit() + ": "
                + part.action().name().toLowerCase(Locale.ROOT));
        part.files().forEach(this::file);
        if (!part.settings().listed().isEmpty()) {
            line("    settings");
            keys(part.settings());
        }
    }

    private void file(Plan.FilePart file) {
        line("  " + sign(file.action()) + " " + plain(file.path()) + " (" + sides(file.before(), file.after()) + ")");
        keys(file.keys());
    }

    private void keys(Plan.Keys keys) {
        for (Plan.Key key : keys.listed()) {
            line("      " + plain(key.name()) + ": " + sides(quoted(key.before()), quoted(key.after()))
                    + (key.from() == null ? "" : "  (" + plain(key.from()) + ")"));
        }
        if (keys.omitted() > 0) {
            line("      … and " + keys.omitted() + " more keys");
        }
    }

    private void line(String text) {
        if (lines++ < MAX_LINES) {
            out.append(text).append('\n');
        }
    }

    private static String sign(Plan.Action action) {
        return switch (action) {
            case ADD -> "+";
            case CHANGE -> "~";
            case REMOVE -> "-";
        };
    }

    private static String sides(@Nullable String before, @Nullable String after) {
        if (before == null) {
            return "+ " + after;
        }
        if (after == null) {
            return "- " + before;
        }
        return before.equals(after) ? before + ", other bytes" : before + " → " + after;
    }

    private static @Nullable String quoted(@Nullable String value) {
        if (value == null || value.equals(Mask.SECRET) || value.equals(Mask.OTHER)) {
            return value;
        }
        return "\"" + plain(value) + "\"";
    }

    /** One line without anything that a terminal or a browser would take for an order, cut if it is long. */
    private static String plain(String text) {
        String shown =
                text.codePoints().limit(MAX_VALUE).mapToObj(PlanText::plain).collect(Collectors.joining());
        return text.codePointCount(0, text.length()) > MAX_VALUE ? shown + "…" : shown;
    }

    private static String plain(int codePoint) {
        int type = Character.getType(codePoint);
        boolean hidden = Character.isISOControl(codePoint)
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
        return hidden ? String.format("\\u{%x}", codePoint) : Character.toString(codePoint);
    }
}
