package countersign.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as plain Java values: Map, List, String, Long, Boolean, null. Strict and bounded when it reads. */
public final class Json {
    /** Room for the largest payload in base64. */
    private static final int MAX_TEXT = 24 << 20;

    /** How deep JSON from outside may be. */
    private static final int MAX_DEPTH = 64;

    private static final ObjectMapper MAPPER = mapper(MAX_DEPTH);

    /** Making a mapper costs more than reading with it. */
    private static final ObjectMapper CANONICAL = mapper(CanonicalJson.MAX_DEPTH);

    private Json() {}

    /**
     * Reads one JSON value in UTF-8; refuses other encodings, a byte order mark, duplicate members, trailing text, and
     * what is nested deeper than 64 levels, all as {@code malformed-json}.
     */
    public static @Nullable Object readStrictly(String what, byte[] bytes) {
        return read(MAPPER, what, bytes);
    }

    /** The same for what may be canonical, and so is nested less deeply. */
    static @Nullable Object readCanonical(String what, byte[] bytes) {
        return read(CANONICAL, what, bytes);
    }

    private static @Nullable Object read(ObjectMapper mapper, String what, byte[] bytes) {
        String text = text(what, bytes);
        try {
            return mapper.readValue(text, Object.class);
        } catch (JsonProcessingException malformed) {
            throw new Refusal(
                    "malformed-json", what + " is not JSON" + place(malformed) + ": " + malformed.getOriginalMessage());
        }
    }

    /** Where it is, which Jackson does not know of a limit that was reached. */
    private static String place(JsonProcessingException malformed) {
        JsonLocation location = malformed.getLocation();
        return location == null ? "" : " at " + location.getLineNr() + ":" + location.getColumnNr();
    }

    /** Reads one JSON object from outside, for example a request's body. */
    public static Map<String, @Nullable Object> readObject(String what, byte[] bytes) {
        Object value = readStrictly(what, bytes);
        if (!(value instanceof Map<?, ?>)) {
            throw new Refusal("malformed-json", what + " is not a JSON object");
        }
        @SuppressWarnings("unchecked") // Jackson maps objects to Map<String, Object>
        Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) value;
        return object;
    }

    /** Compact JSON in the order of the given maps; records and lists of records are written by their components. */
    public static byte[] write(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a plain value is always writable", impossible);
        }
    }

    /** The same as {@link #write}, indented for people. */
    public static String writePretty(@Nullable Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a plain value is always writable", impossible);
        }
    }

    /** Left to itself, Jackson guesses UTF-16 and UTF-32, and takes bytes that are not UTF-8. */
    private static String text(String what, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException otherEncoding) {
            throw new Refusal("malformed-json", what + " is not UTF-8");
        }
    }

    private static ObjectMapper mapper(int maxDepth) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxStringLength(MAX_TEXT)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_LONG_FOR_INTS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
    }
}
