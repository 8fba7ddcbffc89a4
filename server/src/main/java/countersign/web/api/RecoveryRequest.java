package countersign.web.api;

import countersign.change.wish.BadMergesWish;
import countersign.codec.Fields;

/** Reads the body that opens a recovery: {@code {name, title, reason, from, to}}. */
final class RecoveryRequest {
    private RecoveryRequest() {}

    static BadMergesWish read(Fields body) {
        BadMergesWish wish = new BadMergesWish(
                body.text("name"), body.text("title"), body.text("reason"), body.integer("from"), body.integer("to"));
        body.end();
        return wish;
    }
}
