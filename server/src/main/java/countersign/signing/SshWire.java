package countersign.signing;

import countersign.codec.Refusal;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The SSH wire encoding of RFC 4251 section 5 (uint32, string, mpint) and the armor around it: a BEGIN line, base64 in
 * lines, an END line. Readers and writers are not thread-safe; they are used within a method.
 */
final class SshWire {
    private static final int ARMOR_WIDTH = 70;

    private SshWire() {}

    /** The bytes inside an armor that fills the text from its first to its last character. */
    static byte[] readArmor(String rule, String label, String text) {
        String begin = "-----BEGIN " + label + "-----\n";
        String end = "\n-----END " + label + "-----";
        if (!text.startsWith(begin)) {
            throw new Refusal(rule, "the text does not begin with " + begin.strip() + " and a line feed");
        }
        int stop = text.indexOf(end, begin.length() - 1);
        if (stop < begin.length()) {
            throw new Refusal(rule, "the text has no line " + end.strip() + " after a body");
        }
        String after = text.substring(stop + end.length());
        if (!after.isEmpty() && !after.equals("\n")) {
            throw new Refusal(rule, "the text goes on after " + end.strip());
        }
        String body = text.substring(begin.length(), stop);
        if (body.startsWith("\n") || body.contains("\n\n") || body.endsWith("\n")) {
            throw new Refusal(rule, "the text has an empty line");
        }
        return decodeBase64(rule, "the body", body.replace("\n", ""));
    }

    /** The armor as OpenSSH writes it, with a final line feed. */
    static String writeArmor(String label, byte[] bytes) {
        String body = Base64.getEncoder().encodeToString(bytes);
        StringBuilder out = new StringBuilder("-----BEGIN " + label + "-----\n");
        for (int i = 0; i < body.length(); i += ARMOR_WIDTH) {
            out.append(body, i, Math.min(body.length(), i + ARMOR_WIDTH)).append('\n');
        }
        return out.append("-----END " + label + "-----\n").toString();
    }

    /** Base64 in its one canonical form: no missing padding, no stray bits in the last character. */
    static byte[] decodeBase64(String rule, String what, String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(rule, what + " is not base64");
        }
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw new Refusal(rule, what + " is not base64 in its canonical form");
        }
        return bytes;
    }

    /** Reads from a byte array and refuses, under one rule, what is not encoded as it must be. */
    static final class Reader {
        private final String rule;
        private final String what;
        private final ByteBuffer rest;

        Reader(String rule, String what, byte[] bytes) {
            this.rule = rule;
            this.what = what;
            this.rest = ByteBuffer.wrap(bytes);
        }

        byte[] raw(int length) {
            if (length < 0 || length > rest.remaining()) {
                throw refusal("ends early: a field claims " + Integer.toUnsignedString(length) + " bytes, "
                        + rest.remaining() + " are left");
            }
            byte[] bytes = new byte[length];
            rest.get(bytes);
            return bytes;
        }

        int uint8() {
            return raw(1)[0] & 0xff;
        }

        int uint32() {
            return ByteBuffer.wrap(raw(4)).getInt();
        }

        byte[] string() {
            return raw(uint32());
        }

        /** A string of printable ASCII. */
        String text() {
            byte[] bytes = string();
            for (byte b : bytes) {
                if (b < 0x20 || b > 0x7e) {
                    throw refusal("has a byte outside printable ASCII in a name");
                }
            }
            return new String(bytes, StandardCharsets.US_ASCII);
        }

        /** A positive integer in its shortest form. */
        BigInteger positive() {
            byte[] bytes = string();
            if (bytes.length == 0 || bytes[0] < 0) {
                throw refusal("has an integer that is not positive");
            }
            BigInteger value = new BigInteger(bytes);
            if (value.signum() == 0 || !Arrays.equals(value.toByteArray(), bytes)) {
                throw refusal("has an integer that is not in its shortest form");
            }
            return value;
        }

        byte[] remaining() {
            return raw(rest.remaining());
        }

        void expectMagic(String magic) {
            if (rest.remaining() < magic.length()
                    || !Arrays.equals(raw(magic.length()), magic.getBytes(StandardCharsets.US_ASCII))) {
                throw refusal("does not begin with " + magic.trim());
            }
        }

        void expectText(String expected) {
            String found = text();
            if (!found.equals(expected)) {
                throw refusal("names " + found + " where " + expected + " is expected");
            }
        }

        void end() {
            if (rest.hasRemaining()) {
                throw refusal("has " + rest.remaining() + " bytes after its end");
            }
        }

        Refusal refusal(String message) {
            return new Refusal(rule, what + " " + message);
        }
    }

    /** Collects encoded fields. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

        Writer raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Writer magic(String ascii) {
            return raw(ascii.getBytes(StandardCharsets.US_ASCII));
        }

        Writer uint8(int value) {
            out.write(value);
            return this;
        }

        Writer uint32(int value) {
            return raw(ByteBuffer.allocate(4).putInt(value).array());
        }

        Writer string(byte[] bytes) {
            return uint32(bytes.length).raw(bytes);
        }

        Writer string(String text) {
            return string(text.getBytes(StandardCharsets.UTF_8));
        }

        Writer mpint(BigInteger value) {
            return string(value.signum() == 0 ? new byte[0] : value.toByteArray());
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
