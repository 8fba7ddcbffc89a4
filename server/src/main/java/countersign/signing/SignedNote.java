package countersign.signing;

import countersign.codec.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A text and the lines that sign it (C2SP signed-note v1). The text ends in a line feed and has no control characters;
 * the signature lines come after its last empty line. Immutable; it is not verified by being read.
 */
public final class SignedNote {
    static final String LINE_START = "\u2014 ";

    private static final String RULE = "malformed-note";
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_SIGNATURES = 64;

    private final String text;
    private final List<String> lines;

    /**
     * A known key whose signature holds.
     *
     * @param key the key
     * @param seen the time of a cosignature, null for a plain signature
     */
    public record Verified(NoteKey key, @Nullable Instant seen) {}

    private SignedNote(String text, List<String> lines) {
        this.text = text;
        this.lines = List.copyOf(lines);
    }

    /** Reads a note of at most 64 KiB and 64 signatures. */
    public static SignedNote parse(byte[] note) {
        if (note.length > MAX_BYTES) {
            throw new Refusal(RULE, "the note has " + note.length + " bytes, at most " + MAX_BYTES + " allowed");
        }
        String whole = decode(note);
        int split = whole.lastIndexOf("\n\n");
        if (split < 0 || !whole.endsWith("\n") || split + 2 == whole.length()) {
            throw new Refusal(RULE, "a note is a text, an empty line, and signature lines that end in a line feed");
        }
        return of(whole.substring(0, split + 1), linesOf(whole.substring(split + 2)));
    }

    /** See {@link #parse(byte[])}. */
    public static SignedNote parse(String note) {
        return parse(note.getBytes(StandardCharsets.UTF_8));
    }

    /** A note of a text and signature lines as {@link NoteSigner} makes them. */
    public static SignedNote of(String text, List<String> signatureLines) {
        requireText(text);
        if (signatureLines.isEmpty() || signatureLines.size() > MAX_SIGNATURES) {
            throw new Refusal(
                    RULE, "a note has 1 to " + MAX_SIGNATURES + " signatures, found " + signatureLines.size());
        }
        signatureLines.forEach(Line::parse);
        return new SignedNote(text, signatureLines);
    }

    /** The signed text, with its final line feed. */
    public String text() {
        return text;
    }

    /** The signature lines, each with its final line feed. */
    public List<String> signatureLines() {
        return lines;
    }

    /** The same note with further signature lines. */
    public SignedNote with(List<String> signatureLines) {
        List<String> all = new ArrayList<>(lines);
        all.addAll(signatureLines);
        return of(text, all);
    }

    /** The whole note. */
    public String write() {
        return text + "\n" + String.join("", lines);
    }

    /**
     * Which of the known keys signed, in the order of their signatures, each key once; at least one. Signatures by
     * other keys are ignored; a known key whose signature does not hold refuses the whole note.
     */
    public List<Verified> verify(List<NoteKey> known) {
        Map<NoteKey, Verified> verified = new LinkedHashMap<>();
        for (String written : lines) {
            Line line = Line.parse(written);
            for (NoteKey key : known) {
                if (line.claims(key)) {
                    verified.putIfAbsent(key, verify(line, key));
                }
            }
        }
        if (verified.isEmpty()) {
            throw new Refusal(
                    "note-not-trusted",
                    "none of the keys that are trusted here signed the note; trusted: "
                            + known.stream().map(NoteKey::name).toList() + ", signed by: "
                            + lines.stream()
                                    .map(line -> Line.parse(line).name())
                                    .toList());
        }
        return List.copyOf(verified.values());
    }

    /** What a cosigner signs. */
    static byte[] cosignedBytes(String checkpoint, long time) {
        return ("cosignature/v1\ntime " + time + "\n" + checkpoint).getBytes(StandardCharsets.UTF_8);
    }

    private Verified verify(Line line, NoteKey key) {
        ByteBuffer payload = ByteBuffer.wrap(line.payload(), 4, line.payload().length - 4);
        return switch (key.algorithm()) {
            case ED25519 -> {
                requireSigned(key, text.getBytes(StandardCharsets.UTF_8), payload);
                yield new Verified(key, null);
            }
            case COSIGNATURE -> {
                long time = payload.remaining() < 8 ? -1 : payload.getLong();
                if (time < 0 || time > Instant.MAX.getEpochSecond()) {
                    throw badSignature(key);
                }
                requireSigned(key, cosignedBytes(text, time), payload);
                yield new Verified(key, Instant.ofEpochSecond(time));
            }
        };
    }

    private static void requireSigned(NoteKey key, byte[] bytes, ByteBuffer rest) {
        byte[] signature = new byte[rest.remaining()];
        rest.get(signature);
        if (!key.isSigned(bytes, signature)) {
            throw badSignature(key);
        }
    }

    private static Refusal badSignature(NoteKey key) {
        return new Refusal("bad-note-signature", "the note's signature by " + key.name() + " does not fit its text");
    }

    private static List<String> linesOf(String signatures) {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < signatures.length(); ) {
            int end = signatures.indexOf('\n', from) + 1;
            lines.add(signatures.substring(from, end));
            from = end;
        }
        return lines;
    }

    private static String decode(byte[] note) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(note))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new Refusal(RULE, "the note is not UTF-8");
        }
    }

    private static void requireText(String text) {
        if (!text.endsWith("\n")
                || text.codePoints()
                        .anyMatch(c -> (c < 0x20 && c != '\n') || Character.getType(c) == Character.SURROGATE)) {
            throw new Refusal(RULE, "a note's text ends in a line feed and has no other control characters");
        }
    }

    /** One signature line, taken apart. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Line(String name, byte[] payload) {
        static Line parse(String line) {
            String[] words =
                    line.endsWith("\n") ? line.substring(0, line.length() - 1).split(" ", -1) : new String[0];
            if (words.length != 3 || !line.startsWith(LINE_START) || words[1].isEmpty()) {
                throw new Refusal(RULE, "a signature line is: an em dash, name, base64");
            }
            byte[] payload = SshWire.decodeBase64(RULE, "the note's signature", words[2]);
            if (payload.length < 5) {
                throw new Refusal(RULE, "a note's signature is longer than its key id");
            }
            return new Line(words[1], payload);
        }

        boolean claims(NoteKey key) {
            return key.name().equals(name) && ByteBuffer.wrap(payload).getInt() == key.keyId();
        }
    }
}
