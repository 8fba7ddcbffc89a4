package countersign.cli.change;

import countersign.codec.Json;
import countersign.gate.template.ChangeTemplate;
import countersign.gate.template.TemplateText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The fields of a new ChangeRequest as options, and its text. What was not given stays an empty string, which the schema
 * refuses with its line and column: nobody signs a form that nobody filled in.
 */
final class RequestTemplate {
    @Option(names = "--title", defaultValue = "", description = "What the change does, in one line.")
    private String title;

    @Option(
            names = "--type",
            defaultValue = "normal",
            description = "standard, normal or emergency. Default: ${DEFAULT-VALUE}.")
    private String type;

    @Option(names = "--reason", defaultValue = "", description = "Why it is needed.")
    private String reason;

    @Option(names = "--requester", description = "Name of a Person. Default: whose e-mail address your Git uses.")
    private @Nullable String requester;

    @Option(names = "--contact", description = "How to reach the requester. Default: your Git's e-mail address.")
    private @Nullable String contact;

    @Option(
            names = "--maintenance-type",
            defaultValue = "perfective",
            description = "corrective, adaptive, perfective or preventive. Default: ${DEFAULT-VALUE}.")
    private String maintenanceType;

    @Option(names = "--scope", defaultValue = "", description = "What it touches.")
    private String scope;

    @Option(names = "--step", description = "What is done; repeatable, in order.")
    private List<String> steps = List.of();

    @Option(names = "--risk", defaultValue = "", description = "What can go wrong, and what then.")
    private String risk;

    @Option(names = "--test", defaultValue = "", description = "How it is tested.")
    private String test;

    @Option(names = "--backout", defaultValue = "", description = "How it is undone.")
    private String backout;

    @Option(names = "--security-impact", defaultValue = "", description = "What it means for security.")
    private String securityImpact;

    /** Who asks, as far as Git knows. */
    record Asker(String person, String email) {}

    boolean namesRequester() {
        return requester != null;
    }

    /** @param schema where an editor finds the schema */
    byte[] write(String name, Asker asker, String schema) {
        String text = """
                # yaml-language-server: $schema=%s
                apiVersion: countersign.dev/v1
                kind: ChangeRequest
                metadata:
                  name: %s
                spec:
                  title: %s
                  type: %s
                  reason: %s
                  requester: %s
                  contact: %s
                  maintenanceType: %s
                  plan:
                    scope: %s
                    steps:
                %s
                    risk: %s
                  test:
                    plan: %s
                  backout:
                    plan: %s
                  securityImpact: %s
                """.formatted(
                        schema,
                        name,
                        quoted(title),
                        quoted(type),
                        quoted(reason),
                        quoted(requester == null ? asker.person() : requester),
                        quoted(contact == null ? asker.email() : contact),
                        quoted(maintenanceType),
                        quoted(scope),
                        steps(),
                        quoted(risk),
                        quoted(test),
                        quoted(backout),
                        quoted(securityImpact));
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The text of a request made from a template.
     *
     * @param parameters what stands for the template's parameters
     */
    byte[] fill(ChangeTemplate from, String name, Asker asker, Map<String, String> parameters, String schema) {
        Map<String, @Nullable Object> spec = new LinkedHashMap<>();
        Map<String, @Nullable Object> filled = TemplateText.filled(from, parameters);
        spec.put("title", filled.remove("title"));
        spec.put("type", from.authority() == null ? "normal" : "standard");
        spec.put("template", from.name());
        if (!parameters.isEmpty()) {
            spec.put("parameters", parameters);
        }
        spec.put("requester", requester == null ? asker.person() : requester);
        spec.put("contact", contact == null ? asker.email() : contact);
        spec.putAll(filled);
        StringBuilder text = new StringBuilder("""
                # yaml-language-server: $schema=%s
                apiVersion: countersign.dev/v1
                kind: ChangeRequest
                metadata:
                  name: %s
                spec:
                """.formatted(schema, name));
        members(spec, "  ", text);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void members(Map<?, ?> map, String indent, StringBuilder text) {
        map.forEach((name, value) -> {
            text.append(indent).append(name).append(':');
            if (value instanceof Map<?, ?> members) {
                text.append('\n');
                members(members, indent + "  ", text);
            } else if (value instanceof List<?> elements) {
                text.append('\n');
                elements.forEach(element ->
                        text.append(indent).append("  - ").append(json(element)).append('\n'));
            } else {
                text.append(' ').append(json(value)).append('\n');
            }
        });
    }

    private static String json(@Nullable Object value) {
        return new String(Json.write(value == null ? "" : value), StandardCharsets.UTF_8);
    }

    private String steps() {
        List<String> given = steps.isEmpty() ? List.of("") : steps;
        return given.stream().map(step -> "      - " + quoted(step)).collect(Collectors.joining("\n"));
    }

    /** A JSON string is a YAML string. */
    private static String quoted(String text) {
        return new String(Json.write(text), StandardCharsets.UTF_8);
    }
}
