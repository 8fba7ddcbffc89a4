package countersign.notify;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One message to one webhook, and what became of it.
 *
 * @param webhook id of the webhook
 * @param place counts the deliveries of all webhooks
 * @param message id of the message, the same at every attempt
 * @param type what kind of event it tells of
 * @param body the bytes that are posted, as text
 * @param state where it stands
 * @param attempts how often it was posted
 * @param first when it was posted first; null before
 * @param last when it was posted last; null before
 * @param next when it is posted next; null if it is not
 * @param status HTTP status of the last answer; null without one
 * @param failure why the last attempt failed; null if it did not
 */
public record Delivery(
        String webhook,
        long place,
        String message,
        String type,
        String body,
        State state,
        int attempts,
        @Nullable Instant first,
        @Nullable Instant last,
        @Nullable Instant next,
        @Nullable Integer status,
        @Nullable String failure) {
    /** Where a delivery stands. */
    public enum State {
        PENDING,
        DELIVERED,
        /** It failed for so long that it is not tried any more. */
        GIVEN_UP;

        /** The word in the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** One that was never tried. */
    static Delivery of(String webhook, long place, Message message, Instant now) {
        return new Delivery(
                webhook,
                place,
                message.id(),
                message.type(),
                message.body(),
                State.PENDING,
                0,
                null,
                null,
                now,
                null,
                null);
    }

    /**
     * What is sent.
     *
     * @param id the same however often it is sent
     * @param type what kind of event it tells of
     * @param body a CloudEvent in JSON
     */
    record Message(String id, String type, String body) {}

    /** Behind one more attempt, with what follows from it. */
    Delivery tried(Instant now, Outcome outcome, State after, @Nullable Instant again) {
        return new Delivery(
                webhook,
                place,
                message,
                type,
                body,
                after,
                attempts + 1,
                first == null ? now : first,
                now,
                again,
                outcome.status(),
                outcome.failure());
    }

    /**
     * What one attempt came to.
     *
     * @param status HTTP status of the answer; null without one
     * @param failure why it failed; null if it did not
     */
    record Outcome(@Nullable Integer status, @Nullable String failure) {
        private static final int GONE = 410;

        static Outcome answered(int status) {
            boolean good = status >= 200 && status < 300;
            return new Outcome(status, good ? null : "the receiver answered " + status);
        }

        static Outcome failed(String why) {
            return new Outcome(null, why);
        }

        boolean good() {
            return failure == null;
        }

        /** The receiver wants nothing any more. */
        boolean gone() {
            return status != null && status == GONE;
        }
    }
}
