package countersign.notify;

import countersign.codec.Refusal;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which addresses messages may be sent to: those of the public internet, and networks that the operator names. A name is
 * looked up before, so that none leads into the operator's own networks.
 */
public final class Networks {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    /** Special-purpose addresses of RFC 6890 and its registries; some of them carry an IPv4 address within. */
    private static final List<Network> CLOSED = parse("0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,"
            + "172.16.0.0/12,192.0.0.0/24,192.0.2.0/24,192.88.99.0/24,192.168.0.0/16,198.18.0.0/15,198.51.100.0/24,"
            + "203.0.113.0/24,224.0.0.0/3,2001::/23,2001:db8::/32,2002::/16,3fff::/20");

    /** All that is given out of IPv6; loopback, link-local, site-local, multicast and translated addresses are not in it. */
    private static final Network GLOBAL = Network.parse("2000::/3");

    private final List<Network> named;

    private Networks(List<Network> named) {
        this.named = List.copyOf(named);
    }

    /**
     * The public internet, and these networks; a Refusal {@code malformed-network}.
     *
     * @param list networks such as {@code 10.1.0.0/16}, with commas between; empty for none
     */
    public static Networks named(String list) {
        return new Networks(list.isBlank() ? List.of() : parse(list));
    }

    /**
     * The address that a message to a host goes to; a Refusal {@code address-not-allowed} if it may go to none of them.
     *
     * @param all what the host's name leads to
     * @param tls whether nobody can read or alter the message on its way; without, only named networks are spoken to
     */
    InetAddress choose(String host, List<InetAddress> all, boolean tls) {
        InetAddress chosen = all.stream()
                .filter(this::mayReach)
                .findFirst()
                .orElseThrow(() -> notAllowed(
                        host + " leads to no public address and to none of the networks that the operator allows"));
        if (!tls && !isNamed(chosen)) {
            throw notAllowed("without TLS only networks that the operator allows are spoken to");
        }
        return chosen;
    }

    /** Refuses an address to which no message could ever go, as far as that shows without looking a name up. */
    void requirePossible(URI url) {
        String host = unbracketed(url.getHost());
        boolean tls = "https".equals(url.getScheme());
        boolean local = host.equalsIgnoreCase("localhost");
        if (local || LITERAL.matcher(host).matches()) {
            choose(url.getHost(), local ? List.of(InetAddress.getLoopbackAddress()) : literal(host), tls);
        } else if (!tls && named.isEmpty()) {
            throw notAllowed("without TLS only networks that the operator allows are spoken to, and there are none");
        }
    }

    static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static List<InetAddress> literal(String host) {
        try {
            return List.of(InetAddress.getByName(host));
        } catch (UnknownHostException noAddress) {
            return List.of();
        }
    }

    private static Refusal notAllowed(String why) {
        return new Refusal(
                "address-not-allowed",
                why,
                "use an https address that is public, or have the operator name its network in"
                        + " COUNTERSIGN_WEBHOOK_NETWORKS");
    }

    boolean mayReach(InetAddress address) {
        return isNamed(address) || isPublic(address);
    }

    private boolean isNamed(InetAddress address) {
        return named.stream().anyMatch(network -> network.contains(address));
    }

    private static boolean isPublic(InetAddress address) {
        boolean given = address instanceof Inet4Address || GLOBAL.contains(address);
        return given && CLOSED.stream().noneMatch(network -> network.contains(address));
    }

    private static List<Network> parse(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .map(Network::parse)
                .toList();
    }

    /** All addresses that begin with the same bits. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Network(byte[] start, int bits) {
        static Network parse(String text) {
            int slash = text.indexOf('/');
            String address = slash < 0 ? text : text.substring(0, slash);
            try {
                if (!LITERAL.matcher(address).matches()) {
                    throw malformed(text);
                }
                byte[] start = InetAddress.getByName(address).getAddress();
                int bits = slash < 0 ? start.length * 8 : Integer.parseInt(text.substring(slash + 1));
                if (bits < 0 || bits > start.length * 8) {
                    throw malformed(text);
                }
                return new Network(start, bits);
            } catch (UnknownHostException | NumberFormatException unreadable) {
                throw malformed(text);
            }
        }

        boolean contains(InetAddress address) {
            byte[] bytes = address.getAddress();
            if (bytes.length != start.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((bytes[bit / 8] & mask) != (start[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }

        private static Refusal malformed(String text) {
            return new Refusal(
                    "malformed-network",
                    "a network is an address and how many bits of it count, found: " + text,
                    "for example 10.1.0.0/16");
        }
    }
}
