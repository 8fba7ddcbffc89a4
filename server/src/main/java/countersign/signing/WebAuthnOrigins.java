package countersign.signing;

import countersign.codec.Json;
import countersign.codec.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The web pages on which a passkey may be used to sign.
 *
 * @param relyingParty the id under which the passkeys were made, a host name; empty if there is none
 * @param origins the pages' origins, for example {@code https://countersign.example.com}; none allows no page
 */
public record WebAuthnOrigins(String relyingParty, Set<String> origins) {
    private static final int MAX_CLIENT_DATA = 4096;
    private static final Pattern ORIGIN =
            Pattern.compile("(?:https://|http://(?=localhost(?::|$)))([a-z0-9.-]+)(?::[0-9]{1,5})?");
    private static final WebAuthnOrigins NONE = new WebAuthnOrigins("", Set.of());

    public WebAuthnOrigins {
        origins = Set.copyOf(origins);
        for (String origin : origins) {
            requireWithin(relyingParty, origin);
        }
    }

    /** Allows no page at all. */
    public static WebAuthnOrigins none() {
        return NONE;
    }

    /**
     * Refuses client data (WebAuthn level 2, section 5.8.1) unless an allowed page asked for a signature over exactly
     * these bytes. It must also have the shape that OpenSSH demands, so that {@code ssh-keygen} agrees.
     */
    void check(String application, String origin, byte[] clientData, byte[] signedBytes) {
        if (origins.isEmpty()) {
            throw new Refusal(
                    "webauthn-origin", "a signature made on the page " + origin + " is not accepted here: no page is");
        }
        if (!application.equals(relyingParty)) {
            throw new Refusal(
                    "webauthn-rp-id", "the passkey is for " + application + ", one for " + relyingParty + " is needed");
        }
        Map<String, @Nullable Object> fields = read(clientData);
        checkChallenge(fields, signedBytes);
        checkOrigin(fields, origin);
        checkNotEmbedded(fields);
        checkShape(fields, clientData);
    }

    private static void requireWithin(String relyingParty, String origin) {
        Matcher matcher = ORIGIN.matcher(origin);
        String host = matcher.matches() ? matcher.group(1) : "";
        boolean within = host.equals(relyingParty) || host.endsWith("." + relyingParty);
        if (host.isEmpty() || relyingParty.isEmpty() || !within) {
            throw new Refusal(
                    "malformed-origin",
                    "the origin " + origin + " is not https:// and a host that is or lies below " + relyingParty);
        }
    }

    private static Map<String, @Nullable Object> read(byte[] clientData) {
        if (clientData.length > MAX_CLIENT_DATA || !startsWith(clientData, "{\"type\":\"webauthn.get\",")) {
            throw new Refusal("malformed-signature", "the client data is not that of a WebAuthn assertion");
        }
        try {
            return Json.readObject("the client data", clientData);
        } catch (Refusal malformed) {
            throw new Refusal("malformed-signature", malformed.findings().get(0).message());
        }
    }

    private static void checkChallenge(Map<String, @Nullable Object> fields, byte[] signedBytes) {
        String expected = Base64.getUrlEncoder().withoutPadding().encodeToString(signedBytes);
        if (!expected.equals(fields.get("challenge"))) {
            throw new Refusal(
                    "webauthn-challenge", "the passkey signed the challenge of another message than the one at hand");
        }
    }

    private void checkOrigin(Map<String, @Nullable Object> fields, String origin) {
        if (!origin.equals(fields.get("origin"))) {
            throw new Refusal(
                    "webauthn-origin",
                    "the signature names the page " + origin + ", the browser signed " + fields.get("origin"));
        }
        if (!origins.contains(origin)) {
            throw new Refusal(
                    "webauthn-origin", "the signature was made on the page " + origin + ", allowed: " + origins);
        }
    }

    private static void checkNotEmbedded(Map<String, @Nullable Object> fields) {
        Object crossOrigin = fields.get("crossOrigin");
        if ((crossOrigin != null && !crossOrigin.equals(false)) || fields.containsKey("topOrigin")) {
            throw new Refusal(
                    "webauthn-cross-origin", "the signature was made on a page embedded in another site's page");
        }
    }

    private static void checkShape(Map<String, @Nullable Object> fields, byte[] clientData) {
        String start = "{\"type\":\"webauthn.get\",\"challenge\":\"" + fields.get("challenge") + "\",\"origin\":\""
                + fields.get("origin") + "\"";
        if (!startsWith(clientData, start)) {
            throw new Refusal("malformed-signature", "the client data does not begin with type, challenge and origin");
        }
    }

    private static boolean startsWith(byte[] bytes, String start) {
        byte[] expected = start.getBytes(StandardCharsets.UTF_8);
        return bytes.length >= expected.length
                && Arrays.equals(bytes, 0, expected.length, expected, 0, expected.length);
    }
}
