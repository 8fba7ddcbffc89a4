package countersign.web.http;

import countersign.account.Caller;
import countersign.codec.Fields;
import countersign.codec.Json;
import countersign.codec.Refusal;
import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/** One request with its caller, and the answer to it. Used by one thread. */
public final class Exchange {
    private final Context context;
    private final Caller caller;
    private final String network;
    private final BooleanSupplier allowed;
    private final int maxBody;

    /**
     * As what a request was let in.
     *
     * @param network the network that it comes from
     * @param allowed whether it would be let in again
     * @param maxBody bytes of its body, unless it is read as a {@link #stream}
     */
    public record Admission(Caller caller, String network, BooleanSupplier allowed, int maxBody) {}

    /** A request that was let in. */
    public Exchange(Context context, Admission admission) {
        this.context = context;
        this.caller = admission.caller();
        this.network = admission.network();
        this.allowed = admission.allowed();
        this.maxBody = admission.maxBody();
    }

    /** Whether the caller may still ask this: a token can be revoked while an answer goes on. Any thread may ask. */
    public boolean isStillAllowed() {
        return allowed.getAsBoolean();
    }

    /** The network that the request comes from: enough to tell guessers from others, see {@link Network}. */
    public String network() {
        return network;
    }

    public Caller caller() {
        return caller;
    }

    /** Name of the person who calls, or a Refusal {@code not-authenticated}. */
    public String person() {
        return caller.person();
    }

    /** A parameter of the route's path, decoded. */
    public String path(String name) {
        return context.pathParam(name);
    }

    /** A parameter of the route's path that is a number not below 0. */
    public long pathNumber(String name) {
        return parse(name, path(name));
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(text -> !text.isEmpty());
    }

    /** A query parameter that is a number not below 0. */
    public Optional<Long> number(String name) {
        return query(name).map(text -> parse(name, text));
    }

    /** A query parameter that must be there, or a Refusal {@code missing-parameter}. */
    public String requireQuery(String name) {
        return query(name)
                .orElseThrow(() -> new Refusal("missing-parameter", "the query parameter " + name + " is missing"));
    }

    /** A query parameter that is a time with its offset from UTC (RFC 3339). */
    public Optional<Instant> time(String name) {
        return query(name).map(text -> parseTime(name, text));
    }

    public String header(String name) {
        String value = context.header(name);
        return value == null ? "" : value;
    }

    /** The JSON object in the body. */
    public Fields body() {
        return Fields.of("body", Json.readObject("the body", bodyBytes()));
    }

    /** The JSON object in the body; no members if there is no body. */
    public Fields bodyOrEmpty() {
        byte[] bytes = bodyBytes();
        return Fields.of("body", bytes.length == 0 ? Map.of() : Json.readObject("the body", bytes));
    }

    /** Counted as it comes: what is announced may be more than Javalin counts, or nothing. */
    private byte[] bodyBytes() {
        if (context.req().getContentLengthLong() > maxBody) {
            throw new ContentTooLargeResponse();
        }
        try {
            byte[] bytes = context.req().getInputStream().readNBytes(maxBody + 1);
            if (bytes.length > maxBody) {
                throw new ContentTooLargeResponse();
            }
            return bytes;
        } catch (IOException brokenOff) {
            throw new UncheckedIOException(brokenOff);
        }
    }

    /** The body as it comes, unpacked; more than {@code maxBytes} unpacked bytes are a Refusal {@code too-large}. */
    public InputStream stream(long maxBytes) throws IOException {
        InputStream body = context.req().getInputStream();
        return new BoundedStream(
                header("Content-Encoding").equals("gzip") ? new GZIPInputStream(body) : body, maxBytes);
    }

    /** Whether the caller would rather have this media type than JSON. */
    public boolean prefers(String mediaType) {
        return header("Accept").startsWith(mediaType);
    }

    /** A header of the answer; before the answer itself. */
    public void set(String header, String value) {
        context.header(header, value);
    }

    public void json(int status, Object view) {
        bytes(status, Json.write(view), "application/json");
    }

    public void bytes(int status, byte[] bytes, String mediaType) {
        context.status(status).result(bytes).contentType(mediaType);
    }

    /** The view with a tag made of its bytes, or 304 if the caller has it. */
    public void tagged(Object view) {
        entity(Entity.json(Json.write(view)));
    }

    /** The bytes, or 304 if the caller has them. */
    public void entity(Entity entity) {
        context.header("ETag", entity.tag())
                .header("Cache-Control", entity.caching())
                .contentType(entity.mediaType());
        if (Entity.names(context.header("If-None-Match"), entity.tag())) {
            context.status(304);
        } else {
            context.status(200).result(entity.bytes());
        }
    }

    public void empty() {
        context.status(204);
    }

    /** Refuses with {@code precondition-failed} if the caller has seen another tag than the present one. */
    public void requireSeen(Supplier<String> present) {
        String seen = header("If-Match");
        if (!seen.isEmpty() && !Entity.names(seen, present.get())) {
            throw new Refusal(
                    "precondition-failed",
                    "its tag is now " + present.get() + ", If-Match says " + seen,
                    "read it again");
        }
    }

    /** Answers when the future ends, by what it does to this exchange then; no thread waits for it. */
    public void later(Supplier<CompletableFuture<?>> answer) {
        context.future(answer);
    }

    /** Answers with status 200 and what the source has, bit by bit, until the stream is ended. */
    public PulledStream pulled(String mediaType, PulledStream.Source source) {
        PulledStream stream = new PulledStream(source);
        context.contentType(mediaType);
        context.future(() -> stream.open(context.res()));
        return stream;
    }

    /** The stream of an answer with status 200 that is sent as it is written. */
    public OutputStream output(String mediaType) {
        context.contentType(mediaType);
        return context.outputStream();
    }

    private static long parse(String name, String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException malformed) {
            throw notANumber(name, text);
        }
        throw notANumber(name, text);
    }

    private static Instant parseTime(String name, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException malformed) {
            throw new Refusal("malformed-time", name + " must be a time such as 2026-11-21T10:00:00Z, is: " + text);
        }
    }

    private static Refusal notANumber(String name, String text) {
        return new Refusal("malformed-number", name + " must be a number not below 0, is: " + text);
    }
}
