package countersign.cli.remote;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A path below the API with its query, put together piece by piece. */
public final class Question {
    private final StringBuilder text;
    private char separator = '?';

    public Question(String path) {
        this.text = new StringBuilder(path);
    }

    /** The same path with another below it; its slashes stay. */
    public static Question below(String path, String more) {
        return new Question(path + "/" + encode(more).replace("%2F", "/"));
    }

    /** Adds a parameter, if it has a value. */
    public Question with(String name, @Nullable Object value) {
        if (value != null) {
            text.append(separator).append(name).append('=').append(encode(value.toString()));
            separator = '&';
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
