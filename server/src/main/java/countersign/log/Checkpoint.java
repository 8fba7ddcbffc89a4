package countersign.log;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a log says it holds: the text of a C2SP tlog-checkpoint, without extension lines.
 *
 * @param origin name of the log, for its whole life; printable ASCII without spaces
 * @param size number of entries
 * @param root Merkle root over them
 */
public record Checkpoint(String origin, long size, Sha256 root) {
    private static final Pattern ORIGIN = Pattern.compile("[!-~]{1,200}");
    private static final Pattern TEXT = Pattern.compile("([!-~]{1,200})\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n");
    private static final Sha256 EMPTY_ROOT = Sha256.of(new byte[0]);

    public Checkpoint {
        if (!ORIGIN.matcher(origin).matches()) {
            throw malformed("the origin is 1 to 200 printable ASCII characters without spaces");
        }
        if (size < 0) {
            throw malformed("a size is not below 0, found " + size);
        }
        if (size == 0 && !root.equals(EMPTY_ROOT)) {
            throw malformed("the root of an empty log is the SHA-256 of nothing, found " + root);
        }
    }

    /** The checkpoint of a log before its first entry: what one remembers who remembers nothing. */
    public static Checkpoint empty(String origin) {
        return new Checkpoint(origin, 0, EMPTY_ROOT);
    }

    /** Reads exactly what {@link #text} writes; refuses anything else as {@code malformed-checkpoint}. */
    public static Checkpoint parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw malformed("expected the three lines origin, size and root");
        }
        byte[] root = Base64.getDecoder().decode(matcher.group(3));
        Checkpoint checkpoint =
                new Checkpoint(matcher.group(1), Long.parseLong(matcher.group(2)), Sha256.ofDigest(root));
        if (!checkpoint.text().equals(text)) {
            throw malformed("the root is not in the one base64 form of its bytes");
        }
        return checkpoint;
    }

    public String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.bytes()) + "\n";
    }

    private static Refusal malformed(String why) {
        return new Refusal("malformed-checkpoint", "not a checkpoint: " + why);
    }
}
