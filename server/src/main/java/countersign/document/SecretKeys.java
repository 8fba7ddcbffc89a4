package countersign.document;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which names of fields promise a secret value, and which values are only references to one. */
final class SecretKeys {
    private static final Pattern WORD = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");
    private static final Pattern TELLING = Pattern.compile(
            ".{0,200}(password|passwd|passphrase|secret|token|apikey|privatekey|accesskey|credential).{0,200}");
    private static final Pattern ABOUT = Pattern.compile(
            ".{0,200}(ref|refs|name|names|file|files|path|dir|url|uri|endpoint|host|id|type|algorithm|length|size|count"
                    + "|ttl|expiry|expires|timeout|lifetime|policy|header|enabled|required|issuer|audience|provider|store)");

    private SecretKeys() {}

    /** Whether the value of a field with this name is a secret, if it is a plain text. */
    static boolean isSecret(String key) {
        if (key.length() > 128) {
            return false;
        }
        String[] words = WORD.split(key);
        String last = words.length == 0 ? "" : words[words.length - 1].toLowerCase(Locale.ROOT);
        String joined = String.join("", words).toLowerCase(Locale.ROOT);
        if (words.length > 1 && ABOUT.matcher(last).matches()) {
            return false;
        }
        return TELLING.matcher(joined).matches() || last.equals("pass") || last.equals("pwd");
    }
}
