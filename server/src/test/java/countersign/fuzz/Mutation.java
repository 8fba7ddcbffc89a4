package countersign.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes broken inputs out of good ones, the same ones for the same random numbers. */
public final class Mutation {
    private static final int LONGEST = 64 << 10;
    private static final int MOST_STEPS = 6;

    /** What parsers tend to stumble over. */
    private static final List<String> WORDS = List.of(
            "",
            "\0",
            "\n",
            "\r\n",
            "\t",
            "\"",
            "\\",
            "\\u0000",
            "\uD83D\uDE00",
            "\u202e",
            "\u00e9",
            "e\u0301",
            "{",
            "}",
            "[[[[",
            "]",
            ":",
            ",",
            "null",
            "true",
            "-0",
            "0",
            "1e999",
            "9007199254740993",
            "-9223372036854775809",
            "0x10",
            "NaN",
            " ",
            "  ",
            "&a",
            "*a",
            "<<",
            "!!",
            "%",
            "---\n",
            "...",
            "#",
            "|",
            ">",
            "?",
            "..",
            "/",
            "//",
            "sha256:",
            "=",
            "==",
            "\u2014 ",
            "-----BEGIN SSH SIGNATURE-----",
            "\ufeff",
            "\ufffd",
            "T24:00:00Z",
            "2026-02-30",
            "+",
            "ssh-rsa ",
            "tile/",
            ".p/0");

    private final RandomGenerator random;
    private final List<byte[]> corpus;

    public Mutation(RandomGenerator random, List<byte[]> corpus) {
        this.random = random;
        this.corpus = corpus;
    }

    /** One of the corpus, altered in one place or in a few. */
    public byte[] next() {
        byte[] input = any();
        for (int step = 1 + random.nextInt(MOST_STEPS); step > 0; step--) {
            input = altered(input);
        }
        return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
    }

    private byte[] altered(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int until = Math.min(input.length, at + 1 + random.nextInt(16));
        return switch (random.nextInt(9)) {
            case 0 -> spliced(input, at, at, word());
            case 1 -> spliced(input, at, until, word());
            case 2 -> spliced(input, at, until, new byte[0]);
            case 3 -> spliced(input, at, at, repeated(Arrays.copyOfRange(input, at, until)));
            case 4 -> spliced(input, at, until, piece(any()));
            case 5 -> Arrays.copyOf(input, at);
            case 6 -> swappedLines(input);
            default -> flipped(input);
        };
    }

    private byte[] flipped(byte[] input) {
        byte[] flipped = input.clone();
        if (flipped.length > 0) {
            int at = random.nextInt(flipped.length);
            flipped[at] =
                    random.nextBoolean() ? (byte) random.nextInt() : (byte) (flipped[at] ^ 1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] swappedLines(byte[] input) {
        List<String> lines =
                new ArrayList<>(Arrays.asList(new String(input, StandardCharsets.ISO_8859_1).split("(?<=[\n,])", -1)));
        Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
        return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] repeated(byte[] piece) {
        byte[] repeated = new byte[piece.length * (1 << random.nextInt(9))];
        for (int at = 0; at < repeated.length; at++) {
            repeated[at] = piece[at % piece.length];
        }
        return repeated;
    }

    private byte[] piece(byte[] input) {
        int at = random.nextInt(input.length + 1);
        return Arrays.copyOfRange(input, at, Math.min(input.length, at + random.nextInt(64)));
    }

    private byte[] word() {
        return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] any() {
        return corpus.get(random.nextInt(corpus.size()));
    }

    private static byte[] spliced(byte[] input, int from, int until, byte[] piece) {
        byte[] spliced = new byte[input.length - (until - from) + piece.length];
        System.arraycopy(input, 0, spliced, 0, from);
        System.arraycopy(piece, 0, spliced, from, piece.length);
        System.arraycopy(input, until, spliced, from + piece.length, input.length - until);
        return spliced;
    }
}
