package countersign.web;

import countersign.repository.Remembered;
import countersign.web.http.Network;
import org.jspecify.annotations.Nullable;

/** The networks that requests come from; those that came lately are remembered. Thread-safe. */
final class Senders {
    private static final int LATELY = 1_000;
    private static final int MAX_ADDRESS = 64;

    private final boolean behindProxy;
    private final Remembered<String> known = new Remembered<>(LATELY);

    /** @param behindProxy whether every request comes through a proxy that sets {@code X-Forwarded-For} */
    Senders(boolean behindProxy) {
        this.behindProxy = behindProxy;
    }

    /**
     * The network of a request.
     *
     * @param address of the connection
     * @param forwarded the header of a proxy; null if there is none
     */
    String network(String address, @Nullable String forwarded) {
        if (behindProxy && forwarded != null) {
            return Network.of(address, forwarded);
        }
        return address.length() > MAX_ADDRESS
                ? Network.of(address, "")
                : known.get(address, () -> Network.of(address, ""));
    }
}
