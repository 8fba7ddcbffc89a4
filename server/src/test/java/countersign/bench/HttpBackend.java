package countersign.bench;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Git's own CGI program {@code git http-backend} behind the smallest HTTP server: what our transport is held against. */
final class HttpBackend implements AutoCloseable {
    private final Path root;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);

    /** Serves the repositories in a folder. */
    HttpBackend(Path root) throws IOException {
        this.root = root;
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        http.start();
    }

    String url(String repository) {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/" + repository;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
            fill(builder.environment(), exchange);
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try (OutputStream to = process.getOutputStream()) {
                exchange.getRequestBody().transferTo(to);
            }
            try (InputStream from = process.getInputStream()) {
                int status = copyHeaders(from, exchange.getResponseHeaders());
                exchange.sendResponseHeaders(status, 0);
                try (OutputStream to = exchange.getResponseBody()) {
                    from.transferTo(to);
                }
            }
        }
    }

    private void fill(Map<String, String> environment, HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.put("GIT_CONFIG_SYSTEM", "/dev/null");
        environment.put("GIT_PROJECT_ROOT", root.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("REMOTE_USER", "bench");
        environment.put("REMOTE_ADDR", "127.0.0.1");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", exchange.getRequestURI().getPath());
        putIfPresent(environment, "QUERY_STRING", exchange.getRequestURI().getQuery());
        putIfPresent(environment, "CONTENT_TYPE", headers.getFirst("Content-Type"));
        putIfPresent(environment, "CONTENT_LENGTH", headers.getFirst("Content-Length"));
        putIfPresent(environment, "HTTP_CONTENT_ENCODING", headers.getFirst("Content-Encoding"));
        putIfPresent(environment, "GIT_PROTOCOL", headers.getFirst("Git-Protocol"));
    }

    private static void putIfPresent(Map<String, String> environment, String name, String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }

    /** Reads the CGI headers up to the empty line; the status they ask for. */
    private static int copyHeaders(InputStream from, Headers headers) throws IOException {
        int status = 200;
        for (String line = line(from); !line.isEmpty(); line = line(from)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (name.equals("Status")) {
                status = Integer.parseInt(value.substring(0, 3));
            } else {
                headers.add(name, value);
            }
        }
        return status;
    }

    private static String line(InputStream from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = from.read(); next >= 0 && next != '\n'; next = from.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
