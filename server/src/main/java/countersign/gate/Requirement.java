package countersign.gate;

import countersign.codec.Fields;
import countersign.codec.Finding;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that must hold before a change merges, and how it stands.
 *
 * @param rule name of the ApprovalRule, or of a built-in rule
 * @param document path of the document, an ApprovalRule or a Calendar, in the tree before; null for built-in rules
 * @param role role that must sign; null where any role counts
 * @param needed how many people must sign
 * @param state how it stands
 * @param message what is missing, for people; empty when nothing is
 * @param evidence the votes that count for it, in the order of the log
 */
public record Requirement(
        String rule,
        @Nullable String document,
        @Nullable String role,
        int needed,
        State state,
        String message,
        List<Evidence> evidence) {
    /** How a requirement stands. */
    public enum State {
        SATISFIED,
        UNSATISFIED,
        NOT_APPLICABLE,
        OVERRIDDEN,
        ERROR;

        static State of(boolean met) {
            return met ? SATISFIED : UNSATISFIED;
        }

        /** The word in gate.json. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A vote that counts, so that a reader can check it by hand.
     *
     * @param person who signed
     * @param role role claimed
     * @param key fingerprint of the key that signed
     * @param grant path of the RoleGrant that gives the role; null for a submission
     * @param vote index of the statement in the record log
     */
    public record Evidence(
            String person,
            String role,
            String key,
            @Nullable String grant,
            long vote) {
        /** Who signed, in brackets behind a space; empty for nobody. */
        static String names(List<Evidence> evidence) {
            return evidence.isEmpty()
                    ? ""
                    : evidence.stream().map(Evidence::person).collect(Collectors.joining(", ", " (", ")"));
        }

        Map<String, @Nullable Object> members() {
            Map<String, @Nullable Object> members = new HashMap<>();
            members.put("person", person);
            members.put("role", role);
            members.put("key", key);
            members.put("grant", grant);
            members.put("vote", vote);
            return members;
        }

        static Evidence read(Fields fields) {
            Evidence evidence = new Evidence(
                    fields.text("person"),
                    fields.text("role"),
                    fields.text("key"),
                    fields.textOrNull("grant"),
                    fields.integer("vote"));
            fields.end();
            return evidence;
        }
    }

    public Requirement {
        evidence = List.copyOf(evidence);
    }

    /** True unless it keeps the change from merging. */
    public boolean met() {
        return switch (state) {
            case SATISFIED, NOT_APPLICABLE, OVERRIDDEN -> true;
            case UNSATISFIED, ERROR -> false;
        };
    }

    /** What says that it is not met: by the name of the rule for calendars, else {@code requirement-unmet}. */
    public Finding finding() {
        if (rule.startsWith(CalendarRequirements.FREEZE)) {
            return Finding.error("change-freeze", message);
        }
        if (rule.startsWith(StandardChanges.RULE)) {
            return Finding.error("standard-change", message);
        }
        return rule.startsWith(CalendarRequirements.WINDOW)
                ? Finding.error("outside-maintenance-window", message)
                : Finding.error("requirement-unmet", rule + ": " + message);
    }

    Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("rule", rule);
        members.put("document", document);
        members.put("role", role);
        members.put("needed", needed);
        members.put("state", state.label());
        members.put("message", message);
        members.put("evidence", evidence.stream().map(Evidence::members).toList());
        return members;
    }

    static Requirement read(Fields fields) {
        Requirement requirement = new Requirement(
                fields.text("rule"),
                fields.textOrNull("document"),
                fields.textOrNull("role"),
                fields.smallInteger("needed"),
                fields.constant("state", State.class),
                fields.text("message"),
                fields.objectList("evidence").stream().map(Evidence::read).toList());
        fields.end();
        return requirement;
    }
}
