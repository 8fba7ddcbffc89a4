package countersign.web.http;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a request failed, as RFC 9457 writes it. Never holds a stack trace.
 *
 * @param type {@code urn:countersign:problem:} and the rule
 * @param title what kind of failure it is
 * @param status the HTTP status
 * @param detail the first finding's message
 * @param rule stable kebab-case name of the first rule that was broken
 * @param findings everything that is wrong
 */
public record Problem(String type, String title, int status, String detail, String rule, List<FindingView> findings) {
    public static final String MEDIA_TYPE = "application/problem+json";

    /**
     * A finding in answers.
     *
     * @param rule name of the rule
     * @param severity {@code error}, {@code warning} or {@code info}
     * @param message both sides of the disagreement
     * @param place where, if it has a place
     * @param wayOut what would satisfy the rule, if that is not plain
     */
    public record FindingView(
            String rule,
            String severity,
            String message,
            @Nullable PlaceView place,
            @Nullable String wayOut) {
        public static FindingView of(Finding finding) {
            return new FindingView(
                    finding.rule(),
                    finding.severity().name().toLowerCase(Locale.ROOT),
                    finding.message(),
                    PlaceView.of(finding.place()),
                    finding.wayOut());
        }
    }

    /**
     * Where in a file something was found.
     *
     * @param path path inside the repository
     * @param line from 1; 0 when the whole file is meant
     * @param column from 1; 0 when the whole line is meant
     * @param pointer JSON pointer of the value, where there is one
     */
    public record PlaceView(
            String path, int line, int column, @Nullable String pointer) {
        static @Nullable PlaceView of(@Nullable Place place) {
            return place == null ? null : new PlaceView(place.path(), place.line(), place.column(), place.pointer());
        }
    }

    public Problem {
        findings = List.copyOf(findings);
    }

    static Problem of(Refusal refusal) {
        int status = Statuses.of(refusal.rule());
        return new Problem(
                type(refusal.rule()),
                Statuses.title(status),
                status,
                refusal.findings().get(0).message(),
                refusal.rule(),
                refusal.findings().stream().map(FindingView::of).toList());
    }

    static Problem of(int status, String rule, String detail) {
        return new Problem(
                type(rule),
                Statuses.title(status),
                status,
                detail,
                rule,
                List.of(FindingView.of(Finding.error(rule, detail))));
    }

    /** The findings as lines, for clients that show text. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (FindingView finding : findings) {
            text.append(finding.message()).append(" [").append(finding.rule()).append("]\n");
            if (finding.wayOut() != null) {
                text.append("  ").append(finding.wayOut()).append('\n');
            }
        }
        return text.toString();
    }

    private static String type(String rule) {
        return "urn:countersign:problem:" + rule;
    }
}
