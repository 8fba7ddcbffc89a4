package countersign.git.transport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import countersign.repository.push.GitTransport;
import countersign.repository.push.PushPolicy;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** The smallest HTTP server that a git client can talk to a transport through; everybody is ann. */
public final class TransportServer implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final GitTransport transport;
    private volatile PushPolicy policy;

    public TransportServer(GitTransport transport, PushPolicy policy) throws IOException {
        this.transport = transport;
        this.policy = policy;
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/shop.git/info/refs", exchange -> answer(exchange, this::advertise));
        http.createContext("/shop.git/git-upload-pack", exchange -> answer(exchange, this::upload));
        http.createContext("/shop.git/git-receive-pack", exchange -> answer(exchange, this::receive));
        http.start();
    }

    void policy(PushPolicy next) {
        policy = next;
    }

    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/shop.git";
    }

    /** Waits until nobody works in the repository any more: an answer is out before all is tidied up. */
    @Override
    public void close() {
        http.stop(0);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("somebody is still at work");
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private void advertise(HttpExchange exchange) throws IOException {
        String word = exchange.getRequestURI().getQuery().replace("service=", "");
        GitTransport.Service service = GitTransport.Service.find(word).orElseThrow();
        try (OutputStream out = open(exchange, service.advertisementType())) {
            transport.advertise(service, protocol(exchange), out);
        }
    }

    private void upload(HttpExchange exchange) throws IOException {
        try (InputStream in = body(exchange);
                OutputStream out = open(exchange, GitTransport.Service.UPLOAD_PACK.resultType())) {
            transport.uploadPack(in, out, protocol(exchange));
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (InputStream in = body(exchange);
                OutputStream out = open(exchange, GitTransport.Service.RECEIVE_PACK.resultType())) {
            transport.receivePack(in, out, "ann", policy);
        }
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            answer.to(exchange);
        } catch (RuntimeException failed) {
            failed.printStackTrace();
            throw failed;
        }
    }

    private static OutputStream open(HttpExchange exchange, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        exchange.sendResponseHeaders(200, 0);
        return new BufferedOutputStream(exchange.getResponseBody(), 1 << 16);
    }

    private static InputStream body(HttpExchange exchange) throws IOException {
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        InputStream body = new Bounded(exchange.getRequestBody());
        return zipped ? new GZIPInputStream(body) : body;
    }

    private static String protocol(HttpExchange exchange) {
        String protocol = exchange.getRequestHeaders().getFirst("Git-Protocol");
        return protocol == null ? "" : protocol;
    }

    /** Skips by reading: the body's own skip does not stop at its end. */
    private static final class Bounded extends InputStream {
        private final InputStream body;

        Bounded(InputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            return body.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return body.read(bytes, from, length);
        }
    }

    /** One way to answer. */
    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }
}
