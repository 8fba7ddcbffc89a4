package countersign.account;

import countersign.codec.Refusal;

/** Who sends a request. */
public sealed interface Caller {
    /** The name of the person, or a Refusal {@code not-authenticated}. */
    String person();

    /** Somebody who shows no token. */
    record Anonymous() implements Caller {
        @Override
        public String person() {
            throw new Refusal(
                    "not-authenticated", "this needs a token and none came with the request", "send a token as bearer");
        }
    }

    /**
     * The owner of a token that was verified.
     *
     * @param token the token
     */
    record Known(Token token) implements Caller {
        @Override
        public String person() {
            return token.person();
        }
    }
}
