package countersign.gate.template;

import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a template says, with its parameters filled in. */
public final class TemplateText {
    private static final Pattern PARAMETER = Pattern.compile("\\$\\{([^}\\r\\n]{1,64})}");

    private TemplateText() {}

    /** The members of the request that the template gives. */
    public static Map<String, @Nullable Object> filled(ChangeTemplate template, Map<String, String> parameters) {
        Map<String, @Nullable Object> filled = new LinkedHashMap<>();
        template.request().forEach((name, value) -> filled.put((String) name, fill(value, parameters)));
        return filled;
    }

    /** Every way in which a request is not the one that the template and its parameters give, in words. */
    public static List<String> problems(ChangeTemplate template, Fields spec) {
        Map<String, String> parameters = spec.texts("parameters");
        List<String> problems = new ArrayList<>();
        Set<String> wanted = new TreeSet<>(template.parameters());
        if (!wanted.equals(parameters.keySet())) {
            problems.add(
                    "fills in the parameters " + new TreeSet<>(parameters.keySet()) + ", the template has " + wanted);
        }
        filled(template, parameters).forEach((name, said) -> {
            if (!says(spec.raw(name), said)) {
                problems.add("has another " + name + " than the template");
            }
        });
        if (spec.has("rollback") && !template.request().containsKey("rollback")) {
            problems.add("permits a rollback, which the template does not");
        }
        return problems;
    }

    /** Whether a request says a value; it may say more beside it. */
    private static boolean says(@Nullable Object actual, @Nullable Object said) {
        if (said instanceof Map<?, ?> map) {
            return actual instanceof Map<?, ?> members
                    && map.entrySet().stream()
                            .allMatch(member -> says(members.get(member.getKey()), member.getValue()));
        }
        return Objects.equals(actual, said);
    }

    private static @Nullable Object fill(@Nullable Object value, Map<String, String> parameters) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> filled = new LinkedHashMap<>();
            map.forEach((name, member) -> filled.put((String) name, fill(member, parameters)));
            return filled;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> filled = new ArrayList<>();
            list.forEach(element -> filled.add(fill(element, parameters)));
            return filled;
        }
        return value instanceof String text ? fill(text, parameters) : value;
    }

    /** In one pass, so that what is filled in is not filled in again. */
    private static String fill(String text, Map<String, String> parameters) {
        return PARAMETER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(parameters.getOrDefault(found.group(1), found.group())));
    }
}
