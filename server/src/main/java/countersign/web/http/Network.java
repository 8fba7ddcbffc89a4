package countersign.web.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Where a request comes from, no finer than one guesser can easily choose among: 24 bits of an IPv4 address, 64 of an IPv6
 * address.
 */
public final class Network {
    private static final String UNKNOWN = "unknown";

    /** An address and no name, which would be looked up. */
    private static final Pattern LITERAL = Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    private static final int MAX_LENGTH = 45;
    private static final int V4_BYTES = 3;
    private static final int V6_BYTES = 8;

    private Network() {}

    /**
     * The network of a request.
     *
     * @param address of the connection
     * @param forwarded what a proxy says in {@code X-Forwarded-For}; its last address counts, which the proxy itself
     *     added. Empty if there is no proxy: then a client could say anything in it
     */
    public static String of(String address, String forwarded) {
        String last = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
        return of(last.isEmpty() ? address : last);
    }

    private static String of(String address) {
        if (address.length() > MAX_LENGTH || !LITERAL.matcher(address).matches()) {
            return UNKNOWN;
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            int kept = bytes.length == 4 ? V4_BYTES : V6_BYTES;
            Arrays.fill(bytes, kept, bytes.length, (byte) 0);
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException malformed) {
            return UNKNOWN;
        }
    }
}
