package countersign.repository.object;

import countersign.codec.Refusal;
import countersign.repository.Edit;
import countersign.repository.Remembered;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Git trees over an {@link ObjectStore}: reads, writes and edits them, and remembers what it parsed. Thread-safe. The
 * bytes are Git's: for each entry {@code mode SP name NUL id}, the mode without a leading zero, the id in 20 bytes,
 * ordered by name where a folder's name counts with a {@code /} at its end.
 */
public final class Trees {
    /** The id of the tree without entries; it need not be stored. */
    public static final String EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    private static final int MAX_TREE_BYTES = 64 << 20;
    private static final int TREES_REMEMBERED = 500;
    private static final int BYTES_REMEMBERED = 4 << 20;
    private static final int ID_BYTES = 20;
    private static final int MAX_UTF8 = 3;
    private static final HexFormat HEX = HexFormat.of();

    /** As Git writes it. */
    private static final EntryBytes.Form GIT = new EntryBytes.Form() {
        @Override
        public int maximalLength(TreeEntry entry) {
            return entry.rawMode().length() + entry.name().length() * MAX_UTF8 + 2 + ID_BYTES;
        }

        @Override
        public void put(TreeEntry entry, ByteBuffer bytes) {
            putText(bytes, entry.isFolder() ? "40000" : entry.rawMode());
            bytes.put((byte) ' ');
            putText(bytes, entry.name());
            bytes.put((byte) 0);
            putId(bytes, entry.id());
        }
    };

    private final ObjectStore objects;
    private final ContentRoot contentRoot;
    private final EntryBytesMemory formatted;
    private final Remembered<List<TreeEntry>> parsed;

    public Trees(ObjectStore objects) {
        this.objects = objects;
        this.parsed = new Remembered<>(TREES_REMEMBERED);
        this.formatted = new EntryBytesMemory(BYTES_REMEMBERED);
        this.contentRoot = new ContentRoot(this, objects);
    }

    private Trees(ObjectStore objects, Trees known, int remembered) {
        this.objects = objects;
        this.parsed = new Remembered<>(remembered, known.parsed);
        this.formatted = known.formatted;
        this.contentRoot = new ContentRoot(this, objects, known.contentRoot);
    }

    /** Trees over a store that holds all objects of this one and more; knows what this knows, but tells it nothing. */
    public Trees extendedBy(ObjectStore more) {
        return new Trees(more, this, TREES_REMEMBERED);
    }

    /** The files of a tree; a Refusal {@code no-such-tree} if it is not there. */
    public Snapshot snapshot(String treeId) {
        read(treeId);
        return new TreeSnapshot(treeId, this, contentRoot, objects);
    }

    /** The tree with the edits applied, as {@link Repository#edit} promises. */
    public String edit(@Nullable String treeId, Map<String, Edit> edits) {
        return new TreeEditor(this, objects).edit(treeId, edits);
    }

    /** The files of the tree that these edits would make; nothing is stored. */
    public Snapshot edited(@Nullable String treeId, Map<String, Edit> edits) {
        Trees computing = new Trees(new ComputedBlobs(objects), this, Integer.MAX_VALUE);
        return computing.snapshot(computing.edit(treeId, edits));
    }

    /** The entries of one tree in Git's order. */
    List<TreeEntry> read(String treeId) {
        if (treeId.equals(EMPTY)) {
            return List.of();
        }
        return parsed.get(treeId, () -> parse(treeId, bytes(treeId)));
    }

    /** The same if it was read or written lately. */
    Optional<List<TreeEntry>> findRead(String treeId) {
        return parsed.find(treeId);
    }

    private byte[] bytes(String treeId) {
        return objects.find(ObjectStore.Type.TREE, treeId, MAX_TREE_BYTES)
                .orElseThrow(() -> new Refusal("no-such-tree", "the repository holds no tree " + treeId));
    }

    /**
     * Stores a tree of these entries, which are in Git's order.
     *
     * @param origin the tree that they are made from, from which they may differ little
     */
    String write(List<TreeEntry> entries, String origin) {
        EntryBytes bytes = formatted.get(origin).with(entries, GIT);
        String id = objects.put(ObjectStore.Type.TREE, bytes.bytes());
        formatted.put(id, bytes);
        parsed.put(id, entries);
        contentRoot.derive(id, origin);
        return id;
    }

    /** Puts a text in UTF-8, one that is ASCII without a copy of it. */
    static void putText(ByteBuffer bytes, String text) {
        int start = bytes.position();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                bytes.position(start).put(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
            bytes.put((byte) c);
        }
    }

    private static void putId(ByteBuffer bytes, String id) {
        for (int i = 0; i < id.length(); i += 2) {
            bytes.put((byte) (digit(id.charAt(i)) << 4 | digit(id.charAt(i + 1))));
        }
    }

    /** The value of a hexadecimal digit, of which an id is made. */
    private static int digit(char c) {
        return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    }

    private static List<TreeEntry> parse(String treeId, byte[] bytes) {
        List<TreeEntry> entries = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int space = indexOf(bytes, at, ' ', treeId);
            int end = indexOf(bytes, space + 1, 0, treeId);
            if (end + 1 + ID_BYTES > bytes.length) {
                throw malformed(treeId, "it ends inside an entry");
            }
            String mode = new String(bytes, at, space - at, StandardCharsets.US_ASCII);
            String name = decode(bytes, space + 1, end, treeId);
            String id = HEX.formatHex(bytes, end + 1, end + 1 + ID_BYTES);
            entries.add(new TreeEntry(name, rawMode(mode, treeId), id));
            at = end + 1 + ID_BYTES;
        }
        requireOrder(treeId, entries);
        return List.copyOf(entries);
    }

    private static int indexOf(byte[] bytes, int from, int wanted, String treeId) {
        for (int at = from; at < bytes.length; at++) {
            if (bytes[at] == wanted) {
                return at;
            }
        }
        throw malformed(treeId, "it ends inside an entry");
    }

    /** Most names are ASCII and need no decoder. */
    private static String decode(byte[] bytes, int from, int to, String treeId) {
        int ascii = from;
        while (ascii < to && bytes[ascii] >= 0) {
            ascii++;
        }
        if (ascii == to) {
            return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException invalid) {
            throw malformed(treeId, "a name is not UTF-8");
        }
    }

    private static String rawMode(String mode, String treeId) {
        if (mode.equals("40000")) {
            return TreeEntry.FOLDER;
        }
        if (mode.length() != 6 || !mode.startsWith("1")) {
            throw malformed(treeId, "no mode of Git: " + mode);
        }
        return mode.intern();
    }

    private static void requireOrder(String treeId, List<TreeEntry> entries) {
        Set<String> names = new HashSet<>(entries.size() * 2);
        for (int i = 0; i < entries.size(); i++) {
            TreeEntry entry = entries.get(i);
            if (entry.name().isEmpty() || entry.name().indexOf('/') >= 0 || !names.add(entry.name())) {
                throw malformed(treeId, "an empty, divided or repeated name");
            }
            if (i > 0 && TreeEntry.GIT_ORDER.compare(entries.get(i - 1), entry) >= 0) {
                throw malformed(treeId, "its names are out of order");
            }
        }
    }

    private static Refusal malformed(String treeId, String what) {
        return new Refusal("malformed-tree", "tree " + treeId + " is not as Git writes one: " + what);
    }
}
