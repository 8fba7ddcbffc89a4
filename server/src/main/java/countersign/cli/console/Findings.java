package countersign.cli.console;

import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.codec.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Findings as the command line shows them, and as the API's answers carry them. */
public final class Findings {
    private Findings() {}

    /** A finding as JSON output shows it: {@code place} is {@code path:line:column}. */
    public static Map<String, @Nullable Object> view(Finding finding) {
        Place place = finding.place();
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("rule", finding.rule());
        view.put("severity", severity(finding));
        view.put("message", finding.message());
        view.put("place", place == null ? null : place.toString());
        view.put("pointer", place == null ? null : place.pointer());
        view.put("wayOut", finding.wayOut());
        return view;
    }

    /** The views of several. */
    public static List<Map<String, @Nullable Object>> views(List<Finding> findings) {
        return findings.stream().map(Findings::view).toList();
    }

    /** One line: {@code path:line:column: message [rule]; way out}, led by the severity unless it blocks. */
    public static String line(Finding finding) {
        return finding.blocks() ? finding.toString() : severity(finding) + ": " + finding;
    }

    /** Reads a finding of a problem document or of a list of findings. */
    public static Finding read(Fields fields) {
        return new Finding(
                fields.text("rule"),
                fields.constant("severity", Finding.Severity.class),
                fields.text("message"),
                place(fields.objectOrNull("place")),
                fields.textOrNull("wayOut"));
    }

    private static @Nullable Place place(@Nullable Fields fields) {
        return fields == null
                ? null
                : new Place(
                        fields.text("path"),
                        Math.toIntExact(fields.integer("line")),
                        Math.toIntExact(fields.integer("column")),
                        fields.textOrNull("pointer"));
    }

    private static String severity(Finding finding) {
        return finding.severity().name().toLowerCase(Locale.ROOT);
    }
}
