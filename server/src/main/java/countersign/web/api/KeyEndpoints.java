package countersign.web.api;

import countersign.change.key.KeyDesk;
import countersign.codec.Fields;
import countersign.gate.key.LoggedRevocation;
import countersign.gate.key.Revocation;
import countersign.gate.key.RevokedKeys;
import countersign.web.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Revocations of keys over HTTP: who revokes downloads a text, signs it and hands it in. */
final class KeyEndpoints {
    private final KeyDesk keys;

    KeyEndpoints(KeyDesk keys) {
        this.keys = keys;
    }

    /**
     * A revoked key.
     *
     * @param key its fingerprint
     * @param index log entry that revoked it first
     * @param since log index from which it is compromised; null: only retired
     */
    record RevokedKeyView(
            String key, String person, long index, @Nullable Long since) {
        static RevokedKeyView of(RevokedKeys.Entry entry) {
            return new RevokedKeyView(entry.key(), entry.person(), entry.index(), entry.since());
        }
    }

    /** Every revoked key, in the order of the log. */
    record RevokedKeyList(List<RevokedKeyView> items) {}

    void list(Exchange exchange) {
        exchange.tagged(new RevokedKeyList(
                keys.revoked().stream().map(RevokedKeyView::of).toList()));
    }

    void statement(Exchange exchange) {
        Revocation revocation = keys.draft(wish(exchange.person(), exchange.body()));
        exchange.set("Content-Disposition", "attachment; filename=\"revoke.json\"");
        exchange.bytes(201, revocation.bytes(), "application/json");
    }

    void revoke(Exchange exchange) {
        Fields body = exchange.body();
        byte[] text = body.text("statement").getBytes(StandardCharsets.UTF_8);
        String signature = body.text("signature");
        body.end();
        LoggedRevocation logged = keys.revoke(text, signature);
        Revocation said = logged.revocation();
        exchange.json(201, new RevokedKeyView(said.key(), said.person(), logged.index(), said.since()));
    }

    private static KeyDesk.Wish wish(String person, Fields body) {
        KeyDesk.Wish wish = new KeyDesk.Wish(
                person,
                body.text("key"),
                body.has("since") ? (Long) body.integer("since") : null,
                body.textOr("reason", ""),
                body.textOr("client", "manual"));
        body.end();
        return wish;
    }
}
