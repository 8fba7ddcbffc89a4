package countersign.notify;

import countersign.codec.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Posts one message to one address. The name is looked up once, its addresses are judged, and the connection goes to one
 * of those, so a name that changes its mind gains nothing. Redirections are not followed; of the answer the status is
 * read, and nothing that was sent in it is kept. Thread-safe.
 */
final class Post implements AutoCloseable {
    private static final int MAX_HEAD = 16 << 10;
    private static final int MAX_INTERIM = 5;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");

    private final Networks networks;
    private final Resolver resolver;
    private final Duration patience;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService guillotine = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "webhook-deadlines");
        made.setDaemon(true);
        return made;
    });

    /** Finds the addresses of a name. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** @param patience for connecting, sending and the answer's head together */
    Post(Networks networks, Resolver resolver, Duration patience) {
        this.networks = networks;
        this.resolver = resolver;
        this.patience = patience;
    }

    /** Posts the body; what keeps it from arriving is an outcome, too. */
    Delivery.Outcome send(URI url, Map<String, String> headers, byte[] body) {
        try {
            return Delivery.Outcome.answered(attempt(url, headers, body));
        } catch (UnknownHostException unknown) {
            return Delivery.Outcome.failed("the name " + url.getHost() + " has no address");
        } catch (SocketTimeoutException late) {
            return Delivery.Outcome.failed("no answer within " + patience.toSeconds() + " seconds");
        } catch (SSLException untrusted) {
            return Delivery.Outcome.failed("no trusted TLS connection to " + url.getHost());
        } catch (Refusal forbidden) {
            return Delivery.Outcome.failed(
                    forbidden.rule() + ": " + forbidden.findings().get(0).message());
        } catch (IOException failed) {
            return Delivery.Outcome.failed("the connection to " + url.getHost() + " failed or took too long");
        }
    }

    /** Cuts off what is on its way. */
    @Override
    public void close() {
        guillotine.shutdownNow();
        open.forEach(Post::close);
    }

    private int attempt(URI url, Map<String, String> headers, byte[] body) throws IOException {
        boolean tls = "https".equals(url.getScheme());
        int port = url.getPort() < 0 ? (tls ? 443 : 80) : url.getPort();
        InetAddress address = address(url, tls);
        try (Socket plain = new Socket()) {
            ScheduledFuture<?> deadline =
                    guillotine.schedule(() -> close(plain), patience.toMillis(), TimeUnit.MILLISECONDS);
            open.add(plain);
            try {
                plain.setSoTimeout((int) patience.toMillis());
                plain.connect(new InetSocketAddress(address, port), (int) patience.toMillis());
                return exchange(tls ? secured(plain, url.getHost(), port) : plain, request(url, headers, body), body);
            } finally {
                deadline.cancel(false);
                open.remove(plain);
            }
        }
    }

    private InetAddress address(URI url, boolean tls) throws UnknownHostException {
        List<InetAddress> all = Arrays.asList(resolver.resolve(Networks.unbracketed(url.getHost())));
        return networks.choose(url.getHost(), all, tls);
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secured = (SSLSocket) factory.createSocket(plain, Networks.unbracketed(host), port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static byte[] request(URI url, Map<String, String> headers, byte[] body) {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        StringBuilder head = new StringBuilder("POST ")
                .append(path)
                .append(url.getRawQuery() == null ? "" : "?" + url.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(url.getRawAuthority())
                .append("\r\nUser-Agent: countersign\r\nConnection: close\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int exchange(Socket socket, byte[] head, byte[] body) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(head);
        out.write(body);
        out.flush();
        InputStream in = socket.getInputStream();
        for (int i = 0; i < MAX_INTERIM; i++) {
            int status = status(in);
            if (status >= 200) {
                return status;
            }
        }
        throw new IOException("no final answer");
    }

    /** The status of the next answer, whose head is read to its end. */
    private static int status(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0 || head.length() >= MAX_HEAD) {
                throw new IOException("no answer of HTTP");
            }
            head.append((char) next);
        }
        Matcher status = STATUS.matcher(head.substring(0, head.indexOf("\r\n")));
        if (!status.matches()) {
            throw new IOException("no answer of HTTP");
        }
        return Integer.parseInt(status.group(1));
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closedAlready) {
            // it is over anyway
        }
    }
}
