package countersign.apply.plan;

import countersign.document.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Knows what must not be shown, by the name of a key or by the form of a value. */
final class Mask {
    /** What stands in the place of a secret. */
    static final String SECRET = "(secret)";

    /** What stands in the place of a secret that differs from the one beside it. */
    static final String OTHER = "(another secret)";

    private static final Pattern KEY =
            Pattern.compile("(?i)pass(word|wd|phrase|code)?(?![a-z])|pwd|secret|token|credential"
                    + "|(api|access|private|signing|encryption|master|shared|account|host)[-_. ]?key|(?<![a-z])(auth|authorization|bearer"
                    + "|cookie|salt|pepper|pin|otp|seed|dsn)(?![a-z])|connection[-_. ]?string|keystore[-_. ]?pass|htpasswd|pgpass|netrc"
                    + "|id_(rsa|ed25519|ecdsa)|\\.(pem|key|p12|pfx|jks)(?![a-z])");

    private static final Pattern VALUE =
            Pattern.compile("AGE-SECRET-KEY-1|\\b(AKIA|ASIA)[0-9A-Z]{16}|(?i)\\bbearer +[A-Za-z0-9._~+/-]{8,}"
                    + "|\\b[a-z][a-z0-9+.-]*://[^\\s/@]*:[^\\s/@]+@|[?&;](password|token|secret|sig|key)=[^&;\\s]+"
                    + "|(password|passwd|pwd|secret|token) *[=:] *[^\\s]");

    private Mask() {}

    /** Whether a name, or any part of a dotted one, says that its value is a secret. */
    static boolean named(String key) {
        return KEY.matcher(key.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")).find();
    }

    /** Whether a value has the form of a secret, whatever it is called. */
    static boolean formed(String value) {
        return VALUE.matcher(value).find()
                || !Secrets.scan("value", value.getBytes(StandardCharsets.UTF_8))
                        .isEmpty();
    }

    /**
     * Both sides as they may be shown: if either is a secret, neither is, and only whether they differ is seen.
     *
     * @param key the name
     * @param before value before; null if absent
     * @param after value after; null if absent
     */
    static Plan.Key key(String key, @Nullable String before, @Nullable String after) {
        boolean secret = named(key) || (before != null && formed(before)) || (after != null && formed(after));
        if (!secret) {
            return new Plan.Key(key, before, after, null);
        }
        boolean differ = before != null && after != null && !Objects.equals(before, after);
        return new Plan.Key(key, before == null ? null : SECRET, after == null ? null : differ ? OTHER : SECRET, null);
    }
}
