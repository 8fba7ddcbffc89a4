package countersign.manifest;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a change is called for ever: the day it was opened and its name (PROTOCOL §1.4).
 *
 * @param day {@code yyyy-mm-dd}
 * @param name DNS label, also the name of its branch
 */
public record ChangeId(String day, String name) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2})/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)");

    public ChangeId {
        if (!FORM.matcher(day + "/" + name).matches()) {
            throw new Refusal("malformed-change", "a change is <yyyy-mm-dd>/<name>, found: " + day + "/" + name);
        }
    }

    /** Reads {@code day/name}. */
    public static ChangeId parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new Refusal("malformed-change", "a change is <yyyy-mm-dd>/<name>, found: " + text);
        }
        return new ChangeId(matcher.group(1), matcher.group(2));
    }

    /** The change whose request stands at this path. */
    public static Optional<ChangeId> ofDocument(String path) {
        if (!path.startsWith("changes/") || !path.endsWith(".yaml")) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(path.substring("changes/".length(), path.length() - ".yaml".length()));
        return matcher.matches() ? Optional.of(new ChangeId(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** Path of the ChangeRequest. */
    public String document() {
        return "changes/" + day + "/" + name + ".yaml";
    }

    /** Path of the folder that the server writes at merge, without a final slash. */
    public String folder() {
        return "changes/" + day + "/" + name;
    }

    public String branch() {
        return "refs/heads/change/" + name;
    }

    /**
     * The only name a rollback of this change may have, so that whether one was merged is a look-up. A name that would
     * be longer than a DNS label is cut and ends in eight digits of its digest.
     */
    public String rollbackName() {
        String full = "rollback-" + day.replace("-", "") + "-" + name;
        if (full.length() <= 63) {
            return full;
        }
        String digest = Sha256.of(full.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 8);
        return full.substring(0, 54) + "-" + digest;
    }

    /** {@code day/name}, as manifests and statements write it. */
    @Override
    public String toString() {
        return day + "/" + name;
    }
}
