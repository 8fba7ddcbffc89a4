package countersign.document.secret;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names of fields promise a secret value, and which values are only references to one. */
public final class SecretKeys {
    /** One of these is in the lower-case letters of every name that promises a secret. */
    static final List<String> TELLING = List.of(
            "pass",
            "pwd",
            "secret",
            "token",
            "apikey",
            "api_key",
            "api-key",
            "private",
            "accesskey",
            "access_key",
            "access-key",
            "credential");

    private static final int MAX_LENGTH = 128;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");
    private static final List<String> SECRET = List.of(
            "password", "passwd", "passphrase", "secret", "token", "apikey", "privatekey", "accesskey", "credential");
    private static final Set<String> SECRET_AS_LAST_WORD = Set.of("pass", "pwd");
    private static final Set<String> ABOUT_A_SECRET = Set.of(
            "ref",
            "refs",
            "name",
            "names",
            "file",
            "files",
            "path",
            "dir",
            "url",
            "uri",
            "endpoint",
            "host",
            "id",
            "type",
            "algorithm",
            "length",
            "size",
            "count",
            "limit",
            "ttl",
            "expiry",
            "expires",
            "timeout",
            "lifetime",
            "policy",
            "header",
            "enabled",
            "required",
            "issuer",
            "audience",
            "provider",
            "store",
            "mount",
            "prefix",
            "version");
    private static final List<String> REFERENCES = List.of(
            "${",
            "{{",
            "$(",
            "<",
            "%{",
            "secretref:",
            "keyref:",
            "vault:",
            "env:",
            "file:",
            "ref+",
            "op://",
            "enc[",
            "{cipher}",
            "age1",
            "-----begin age encrypted file-----",
            "arn:aws:secretsmanager:",
            "projects/");

    private SecretKeys() {}

    /** Whether the value of a field with this name is a secret, if it is a plain text. */
    public static boolean isSecret(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        if (key.length() > MAX_LENGTH || TELLING.stream().noneMatch(lower::contains)) {
            return false;
        }
        String[] words = BETWEEN_WORDS.split(key);
        String last = words.length == 0 ? "" : words[words.length - 1].toLowerCase(Locale.ROOT);
        if (ABOUT_A_SECRET.contains(last)) {
            return false;
        }
        String joined = String.join("", words).toLowerCase(Locale.ROOT);
        return SECRET_AS_LAST_WORD.contains(last) || SECRET.stream().anyMatch(joined::contains);
    }

    /** Whether a value is the secret itself: not empty, hidden, a number that counts, or the name of where it is kept. */
    static boolean isLiteral(String key, String value) {
        String lower = value.strip().toLowerCase(Locale.ROOT);
        boolean hidden = lower.chars().allMatch(c -> c == '*' || c == '•' || c == '.' || c == 'x');
        boolean word = Set.of("null", "none", "true", "false", "~").contains(lower);
        return !hidden && !word && !isCount(key, lower) && !isReference(lower);
    }

    /** Whether a text begins like the name of a place where the value is kept. */
    static boolean isReference(String value) {
        String lower = value.stripLeading().toLowerCase(Locale.ROOT);
        return REFERENCES.stream().anyMatch(lower::startsWith);
    }

    private static boolean isCount(String key, String value) {
        boolean digits = value.chars().allMatch(c -> c >= '0' && c <= '9');
        String lower = key.toLowerCase(Locale.ROOT);
        return digits && !lower.contains("pass") && !lower.contains("pwd");
    }
}
