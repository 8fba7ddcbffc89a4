package countersign.cli.remote;

import countersign.cli.console.Findings;
import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.codec.Json;
import countersign.codec.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * A server's API, spoken to with one person's token, or with none. What the server refuses is a Refusal with the server's findings;
 * what it could not do, or a server that can't be reached, is an {@link UncheckedIOException}. Redirections are not
 * followed, so a token goes nowhere else.
 */
public final class RemoteServer {
    private static final int MAX_ANSWER = 64 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PROBLEM = "application/problem+json";

    private final URI base;
    private final Optional<String> token;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private RemoteServer(URI base, Optional<String> token) {
        this.base = base;
        this.token = token;
    }

    /** Spoken to by nobody in particular. */
    RemoteServer(URI base) {
        this(base, Optional.empty());
    }

    /** The same server, spoken to with a token. */
    public RemoteServer with(String secret) {
        return new RemoteServer(base, Optional.of(secret));
    }

    /** Without a final slash. */
    public URI base() {
        return base;
    }

    /** The answer to GET below {@code /api/v1}. */
    public Answer get(String path) {
        return send(request(path).GET().build());
    }

    /** The answer to POST of a JSON value, or of nothing. */
    public Answer post(String path, @Nullable Object body, Map<String, String> headers) {
        BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(Json.write(body));
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(publisher);
        headers.forEach(request::header);
        return send(request.build());
    }

    /** The answer to PATCH with a JSON value. */
    public Answer patch(String path, Object body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofByteArray(Json.write(body)))
                .build());
    }

    /** The answer to PUT of a JSON value. */
    public Answer put(String path, Object body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofByteArray(Json.write(body)))
                .build());
    }

    /** The answer to DELETE. */
    public Answer delete(String path) {
        return send(request(path).DELETE().build());
    }

    private HttpRequest.Builder request(String path) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(base + "/api/v1" + path)).timeout(PATIENCE);
            token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
            return request;
        } catch (IllegalArgumentException unsendable) {
            throw new Refusal("malformed-request", "the URL or the token holds characters that can't be sent");
        }
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(MAX_ANSWER + 1);
                if (bytes.length > MAX_ANSWER) {
                    throw new IOException("the answer has more than " + MAX_ANSWER + " bytes");
                }
                return requireGood(response, bytes);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot talk to " + base + ": " + reason(failed), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while waiting for " + base, interrupted));
        }
    }

    private Answer requireGood(HttpResponse<InputStream> response, byte[] bytes) throws IOException {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return new Answer(bytes, response.headers().firstValue("ETag").orElse(""));
        }
        boolean problem =
                response.headers().firstValue("Content-Type").orElse("").startsWith(PROBLEM);
        if (problem && status != 500) {
            throw new Refusal(findings(bytes));
        }
        throw new IOException(
                "HTTP status " + status + (problem ? ": " + findings(bytes).get(0) : ""));
    }

    private static List<Finding> findings(byte[] problem) {
        Fields fields = Fields.of("the server's problem", Json.readObject("the server's problem", problem));
        return fields.objectList("findings").stream().map(Findings::read).toList();
    }

    private static String reason(IOException failed) {
        if (failed instanceof ConnectException) {
            return failed.getCause() instanceof ConnectException refused
                            && refused.getCause() instanceof UnresolvedAddressException
                    ? "no host has that name"
                    : "nothing answers there; is the server running, and is that its address?";
        }
        if (failed instanceof SSLHandshakeException && causedByPath(failed)) {
            return "Java does not trust its certificate; put the authority that issued it into a trust store, and name that:"
                    + " JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=<file>";
        }
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    }

    /** Whether no path leads from a certificate to an authority that is trusted. */
    private static boolean causedByPath(Throwable failed) {
        Throwable cause = failed.getCause();
        return cause != null && (cause instanceof CertPathBuilderException || causedByPath(cause));
    }

    /**
     * What the server said.
     *
     * @param bytes the body
     * @param etag its tag, quotation marks included; empty without one
     */
    public record Answer(byte[] bytes, String etag) {
        /** The body as a JSON object. */
        public Map<String, @Nullable Object> json() {
            return Json.readObject("the server's answer", bytes);
        }

        public Fields fields() {
            return Fields.of("the server's answer", json());
        }

        public String text() {
            return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
