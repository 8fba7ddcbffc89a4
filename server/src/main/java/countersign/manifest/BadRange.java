package countersign.manifest;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a recovery says of the merges before it (PROTOCOL §7): which of them are bad, and the head to go on from, which is
 * the commit that main had before the first of them. In requests, manifests and statements of recoveries it is
 * {@code {bad: {from, to}, head: {commit, contentRoot}}}.
 *
 * @param from number of the first bad merge, from 1
 * @param to number of the last one, included
 * @param head commit that main had before the first
 * @param contentRoot content root of that commit
 */
public record BadRange(long from, long to, String head, Sha256 contentRoot) {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    public BadRange {
        if (from < 1 || to < from) {
            throw new Refusal(
                    "recovery-range", "merges are numbered from 1, and " + from + " to " + to + " is no range");
        }
        if (!COMMIT.matcher(head).matches()) {
            throw new Refusal("recovery-head", "a commit is 40 hexadecimal digits, found: " + head);
        }
    }

    /** Reads the object, and nothing else in it. */
    public static BadRange read(Fields fields) {
        Fields bad = fields.object("bad");
        Fields head = fields.object("head");
        BadRange range =
                new BadRange(bad.integer("from"), bad.integer("to"), head.text("commit"), head.digest("contentRoot"));
        bad.end();
        head.end();
        fields.end();
        return range;
    }

    /** The same; null for null. */
    public static @Nullable BadRange readOrNull(@Nullable Fields fields) {
        return fields == null ? null : read(fields);
    }

    /** The object. */
    public Map<String, @Nullable Object> members() {
        return Map.of(
                "bad",
                Map.of("from", from, "to", to),
                "head",
                Map.of("commit", head, "contentRoot", contentRoot.hex()));
    }

    public boolean contains(long merge) {
        return merge >= from && merge <= to;
    }

    /** For example {@code merges 3 to 4}. */
    @Override
    public String toString() {
        return from == to ? "merge " + from : "merges " + from + " to " + to;
    }
}
