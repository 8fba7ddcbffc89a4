package countersign.repository.object;

import countersign.codec.Refusal;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of Git's commit objects, both ways. Reading is strict, so that what was parsed is what was signed: headers
 * stand once and in Git's order ({@code tree, parent*, author, committer}, others), and there is at most one
 * {@code gpgsig}; everything else is a Refusal {@code malformed-commit}.
 */
public final class CommitFormat {
    /** A commit object larger than this is refused. */
    public static final int MAX_BYTES = 1 << 20;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern IDENTITY =
            Pattern.compile("([^<>\\x00-\\x1f]*)<([^<>\\x00-\\x1f]*)> (\\d{1,12}) [+-]\\d{4}");
    private static final Pattern UNPRINTABLE = Pattern.compile("[<>\\x00-\\x1f\\x7f]");

    private CommitFormat() {}

    /** The bytes of an unsigned commit: what a signature covers. Times are written in UTC. */
    public static byte[] payload(CommitDraft draft) {
        StringBuilder text = new StringBuilder(512);
        text.append("tree ").append(draft.treeId()).append('\n');
        draft.parents().forEach(parent -> text.append("parent ").append(parent).append('\n'));
        text.append("author ").append(line(draft.author())).append('\n');
        text.append("committer ").append(line(draft.committer())).append('\n');
        text.append('\n').append(draft.message());
        if (draft.message().indexOf('\0') >= 0) {
            throw new Refusal("malformed-commit", "a message holds no NUL");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The payload with the armored signature in its {@code gpgsig} header, as Git places it: last. */
    public static byte[] signed(byte[] payload, byte[] signature) {
        String armor = new String(signature, StandardCharsets.US_ASCII).strip();
        String header = "gpgsig " + armor.replace("\n", "\n ") + "\n";
        int end = headersEnd(payload);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + header.length());
        bytes.write(payload, 0, end);
        bytes.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        bytes.write(payload, end, payload.length - end);
        return bytes.toByteArray();
    }

    /** Reads a commit object's bytes. */
    public static Commit parse(String id, byte[] bytes) {
        Reader reader = new Reader(id, bytes, headersEnd(bytes));
        String tree = reader.objectId(reader.get("tree"));
        List<String> parents = new ArrayList<>();
        while (reader.nextIs("parent")) {
            parents.add(reader.objectId(reader.get("parent")));
        }
        Commit.Identity author = reader.identity(reader.get("author"));
        Commit.Identity committer = reader.identity(reader.get("committer"));
        String signature = reader.findSignature();
        int message = Math.min(bytes.length, reader.end + 1);
        String text = new String(bytes, message, bytes.length - message, StandardCharsets.UTF_8);
        return new Commit(id, tree, parents, author, committer, text, signature, reader.payload());
    }

    private static int headersEnd(byte[] bytes) {
        for (int at = 0; at + 1 < bytes.length; at++) {
            if (bytes[at] == '\n' && bytes[at + 1] == '\n') {
                return at + 1;
            }
        }
        return bytes.length;
    }

    private static String line(Commit.Identity identity) {
        boolean bad = UNPRINTABLE.matcher(identity.name() + identity.email()).find();
        if (bad || identity.name().isBlank() || identity.when().getEpochSecond() < 0) {
            throw new Refusal("malformed-identity", "a commit needs a plain name and e-mail and a time after 1970");
        }
        return identity.name().strip() + " <" + identity.email().strip() + "> "
                + identity.when().getEpochSecond() + " +0000";
    }

    /** Walks the header lines of one commit. */
    private static final class Reader {
        private final String id;
        private final byte[] bytes;
        private final int end;
        private final ByteArrayOutputStream payload;
        private int at;

        Reader(String id, byte[] bytes, int end) {
            this.id = id;
            this.bytes = bytes;
            this.end = end;
            this.payload = new ByteArrayOutputStream(bytes.length);
        }

        boolean nextIs(String name) {
            String prefix = name + " ";
            return at + prefix.length() <= end
                    && new String(bytes, at, prefix.length(), StandardCharsets.ISO_8859_1).equals(prefix);
        }

        String get(String name) {
            if (!nextIs(name)) {
                throw malformed("it has no " + name + " where one must stand");
            }
            int from = at;
            String value = next().substring(name.length() + 1);
            payload.write(bytes, from, at - from);
            return value;
        }

        @Nullable
        String findSignature() {
            String signature = null;
            while (at < end) {
                int from = at;
                String header = next();
                String name = header.substring(0, Math.max(header.indexOf(' '), 0));
                switch (name) {
                    case "gpgsig" -> {
                        if (signature != null) {
                            throw malformed("it has two signatures");
                        }
                        signature = header.substring("gpgsig ".length()) + "\n";
                    }
                    case "", "tree", "parent", "author", "committer", "gpgsig-sha256" ->
                        throw malformed("the header \"" + name + "\" may not stand there");
                    default -> payload.write(bytes, from, at - from);
                }
            }
            return signature;
        }

        byte[] payload() {
            payload.write(bytes, end, bytes.length - end);
            return payload.toByteArray();
        }

        /** The next header with its continuation lines, joined by LF without their leading space. */
        private String next() {
            StringBuilder value = new StringBuilder();
            do {
                int lineEnd = at;
                while (lineEnd < end && bytes[lineEnd] != '\n') {
                    lineEnd++;
                }
                if (lineEnd == end) {
                    throw malformed("a header has no end");
                }
                value.append(value.isEmpty() ? "" : "\n");
                int from = value.isEmpty() ? at : at + 1;
                value.append(new String(bytes, from, lineEnd - from, StandardCharsets.UTF_8));
                at = lineEnd + 1;
            } while (at < end && bytes[at] == ' ');
            if (value.indexOf("\0") >= 0) {
                throw malformed("a header holds NUL");
            }
            return value.toString();
        }

        private String objectId(String value) {
            if (!ID.matcher(value).matches()) {
                throw malformed("no object id: " + value);
            }
            return value;
        }

        private Commit.Identity identity(String value) {
            Matcher matcher = IDENTITY.matcher(value);
            if (!matcher.matches()) {
                throw malformed("no name, e-mail and time: " + value);
            }
            try {
                Instant when = Instant.ofEpochSecond(Long.parseLong(matcher.group(3)));
                return new Commit.Identity(matcher.group(1).strip(), matcher.group(2), when);
            } catch (DateTimeException tooLate) {
                throw malformed("no time: " + matcher.group(3));
            }
        }

        private Refusal malformed(String what) {
            return new Refusal("malformed-commit", "commit " + id + " is not as Git writes one: " + what);
        }
    }
}
