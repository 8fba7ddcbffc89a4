package countersign.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets by which receivers know that a message is ours, after <a href="https://www.standardwebhooks.com">Standard
 * Webhooks</a>. They are made from one key of the server and the webhook's id, so none of them is kept. Thread-safe.
 */
public final class WebhookSecrets {
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;

    /** @param key 32 bytes that nobody else knows */
    public WebhookSecrets(byte[] key) {
        this.key = key.clone();
    }

    /** What the receiver is given, once: {@code whsec_} and the base64 of the secret's bytes. */
    String text(String webhook) {
        return "whsec_" + Base64.getEncoder().encodeToString(secret(webhook));
    }

    /** The headers that vouch for a body. */
    Map<String, String> headers(String webhook, String message, Instant now, String body) {
        long seconds = now.getEpochSecond();
        byte[] signature = hmac(secret(webhook), message + "." + seconds + "." + body);
        return Map.of(
                "webhook-id",
                message,
                "webhook-timestamp",
                Long.toString(seconds),
                "webhook-signature",
                "v1," + Base64.getEncoder().encodeToString(signature));
    }

    private byte[] secret(String webhook) {
        return hmac(key, "countersign webhook 1\n" + webhook);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }
}
