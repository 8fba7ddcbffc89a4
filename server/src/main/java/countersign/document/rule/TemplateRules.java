package countersign.document.rule;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A template whose texts use only parameters that it has. */
final class TemplateRules {
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Pattern PARAMETER = Pattern.compile("\\$\\{([^}\\r\\n]{0,64})}");

    private TemplateRules() {}

    static List<Finding> check(Part spec) {
        List<Finding> findings = new ArrayList<>(Moments.inOrder(spec.child("authority"), "notBefore", "notAfter"));
        checkLength(spec.child("authority"), findings);
        List<Part> parameters = spec.child("parameters").elements();
        findings.addAll(Part.twins(parameters, "name"));
        Set<String> known = new HashSet<>();
        parameters.forEach(parameter -> known.add(parameter.child("name").text().orElseThrow()));
        checkTexts(spec.child("request"), known, findings);
        return findings;
    }

    /** Nobody's word counts for ever: whoever delegates looks at it again every year. */
    private static void checkLength(Part authority, List<Finding> findings) {
        Part until = authority.child("notAfter");
        if (authority.exists()
                && Instant.parse(authority.child("notBefore").text().orElseThrow())
                        .plus(LONGEST)
                        .isBefore(Instant.parse(until.text().orElseThrow()))) {
            findings.add(until.finding("delegation-too-long", "is more than " + LONGEST.toDays() + " days later"));
        }
    }

    private static void checkTexts(Part part, Set<String> known, List<Finding> findings) {
        @Nullable Object value = part.value().orElse(null);
        if (value instanceof Map<?, ?> map) {
            map.keySet()
                    .forEach(key -> checkTexts(
                            new Part(part.document(), JsonPointer.child(part.pointer(), (String) key)),
                            known,
                            findings));
        } else if (value instanceof List<?>) {
            part.elements().forEach(element -> checkTexts(element, known, findings));
        } else if (value instanceof String text) {
            Matcher matcher = PARAMETER.matcher(text);
            while (matcher.find()) {
                if (!known.contains(matcher.group(1))) {
                    findings.add(part.finding(
                            "unknown-parameter",
                            "uses ${" + matcher.group(1) + "}, which is none of the parameters " + known));
                }
            }
        }
    }
}
