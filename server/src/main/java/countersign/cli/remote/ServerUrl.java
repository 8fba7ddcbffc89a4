package countersign.cli.remote;

import countersign.cli.console.Output;
import countersign.codec.Refusal;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is.
 *
 * @param base without a final slash and without anybody's name or password
 * @param secret the password that a remote of Git carries; null without
 */
record ServerUrl(URI base, @Nullable String secret) {
    private static final Pattern WEB = Pattern.compile("(https?)://(?:([^/@]*)@)?([^/@?#]+)(/[^?#]*)?");
    private static final Pattern GIT_PATH = Pattern.compile("(.*)/git/[^/]+");

    /** Reads a URL that a user gave; a Refusal {@code malformed-url} otherwise. Never shows what may hold a password. */
    static ServerUrl parse(String text) {
        Matcher matcher = WEB.matcher(text.strip());
        if (!matcher.matches()) {
            throw new Refusal(
                    "malformed-url", "the server's URL is no http or https URL", "say https://<host>[/<path>]");
        }
        return of(matcher, matcher.group(4));
    }

    /** The server behind a remote of Git, if it is one of ours: {@code <server>/git/<name>.git}. */
    static Optional<ServerUrl> ofRemote(String remote) {
        Matcher matcher = WEB.matcher(remote.strip());
        if (!matcher.matches() || matcher.group(4) == null) {
            return Optional.empty();
        }
        Matcher path = GIT_PATH.matcher(withoutSlash(matcher.group(4)));
        return path.matches() ? Optional.of(of(matcher, path.group(1))) : Optional.empty();
    }

    /** The server, spoken to by nobody yet; warns if a secret would travel where others can read it. */
    RemoteServer open(String secretName, Output output) {
        if (inTheClear()) {
            output.warn("warning: " + secretName + " travels in the clear to " + base + "; use https");
        }
        return new RemoteServer(base);
    }

    private boolean inTheClear() {
        String host = String.valueOf(base.getHost());
        boolean here = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
        return "http".equals(base.getScheme()) && !here;
    }

    private static ServerUrl of(Matcher matcher, @Nullable String path) {
        String clean = matcher.group(1) + "://" + matcher.group(3) + (path == null ? "" : withoutSlash(path));
        return new ServerUrl(uri(clean), password(matcher.group(2)));
    }

    private static URI uri(String clean) {
        try {
            return URI.create(clean);
        } catch (IllegalArgumentException malformed) {
            throw new Refusal("malformed-url", "the server's URL is malformed");
        }
    }

    private static @Nullable String password(@Nullable String userInfo) {
        int colon = userInfo == null ? -1 : userInfo.indexOf(':');
        return userInfo == null || colon < 0
                ? null
                : URLDecoder.decode(userInfo.substring(colon + 1), StandardCharsets.UTF_8);
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? withoutSlash(path.substring(0, path.length() - 1)) : path;
    }
}
