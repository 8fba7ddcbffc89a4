package countersign.cli.change.subject;

import countersign.codec.Refusal;
import countersign.document.PathRules;

/** The name of a change as users type it: {@code name}, {@code day/name}, or {@code change/name}. */
public final class ChangeName {
    private ChangeName() {}

    /** The name alone, safe in a URL; a Refusal {@code malformed-change} otherwise. */
    public static String parse(String text) {
        String name = text.substring(text.lastIndexOf('/') + 1);
        if (!PathRules.isName(name)) {
            throw new Refusal(
                    "malformed-change",
                    "a change is called by lower-case letters, digits and inner dashes, at most 63, found: " + text);
        }
        return name;
    }
}
