package countersign.signing.git;

import countersign.codec.Refusal;
import countersign.signing.SshPublicKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the file by which {@code ssh-keygen -Y verify} and {@code git verify-commit} know whom to believe. */
public final class AllowedSigners {
    /** What cannot be mistaken for a separator, a quotation mark, a comment or a pattern. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._%+/:=@-]{1,255}");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private AllowedSigners() {}

    /**
     * One key and what it is believed for.
     *
     * @param principals the names of its owner, e-mail addresses for Git; at least one
     * @param key the key
     * @param namespaces what its signatures are believed for; at least one
     * @param validAfter the first moment, null if always
     * @param validBefore the moment from which on it is no longer believed, null if never
     */
    public record Entry(
            List<String> principals,
            SshPublicKey key,
            List<String> namespaces,
            @Nullable Instant validAfter,
            @Nullable Instant validBefore) {
        public Entry {
            principals = List.copyOf(principals);
            namespaces = List.copyOf(namespaces);
            requirePlain("principal", principals);
            requirePlain("namespace", namespaces);
        }

        /** The line, without a line feed. */
        public String line() {
            List<String> options = new ArrayList<>();
            options.add("namespaces=\"" + String.join(",", namespaces) + "\"");
            if (validAfter != null) {
                options.add("valid-after=\"" + TIME.format(validAfter) + "\"");
            }
            if (validBefore != null) {
                options.add("valid-before=\"" + TIME.format(validBefore) + "\"");
            }
            return String.join(",", principals) + " " + String.join(",", options) + " " + key.line();
        }
    }

    /** The whole file: a line for each entry, in their order. */
    public static String write(List<Entry> entries) {
        return entries.stream().map(entry -> entry.line() + "\n").collect(Collectors.joining());
    }

    private static void requirePlain(String what, List<String> names) {
        if (names.isEmpty()) {
            throw new Refusal("malformed-allowed-signer", "an allowed signer needs a " + what);
        }
        for (String name : names) {
            if (!PLAIN.matcher(name).matches()) {
                throw new Refusal(
                        "malformed-allowed-signer",
                        "the " + what + " " + name + " has characters that mean something else in the file");
            }
        }
    }
}
