package countersign.document;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.yaml.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What is checked of the bytes of every file, whatever they mean: size, and that they are the content itself. */
public final class ContentRules {
    /** The most bytes that one payload file may have. */
    public static final int MAX_PAYLOAD_BYTES = 16 << 20;

    private static final List<String> POINTERS =
            List.of("version https://git-lfs.github.com/spec/", "version https://hawser.github.com/spec/");

    private ContentRules() {}

    /** The most bytes that the file at a path may have: 1 MiB, payload 16 MiB. */
    public static int maxBytes(String path) {
        return PathRules.isPayload(path) ? MAX_PAYLOAD_BYTES : Yaml.MAX_BYTES;
    }

    public static List<Finding> check(String path, byte[] bytes) {
        if (bytes.length > maxBytes(path)) {
            String message = "the file has " + bytes.length + " bytes, at most " + maxBytes(path) + " are allowed";
            return List.of(Finding.error("too-large", message, Place.file(path)));
        }
        if (POINTERS.stream().anyMatch(pointer -> startsWith(bytes, pointer))) {
            String message = "the file is a pointer of Git LFS; its content would not be covered by a signature";
            return List.of(Finding.error("lfs-pointer", message, new Place(path, 1, 1, null))
                    .withWayOut("commit the content"));
        }
        return List.of();
    }

    private static boolean startsWith(byte[] bytes, String start) {
        byte[] wanted = start.getBytes(StandardCharsets.US_ASCII);
        return bytes.length >= wanted.length && Arrays.equals(bytes, 0, wanted.length, wanted, 0, wanted.length);
    }
}
