package countersign.repository;

import countersign.codec.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private static final int ID_BYTES = 20;
    private static final HexFormat HEX = HexFormat.of();
    private static final Comparator<TreeEntry> GIT_ORDER = Trees::compareInGitOrder;

    private final ObjectStore objects;
    private final ContentRoot contentRoot;
    private final Remembered<List<TreeEntry>> parsed;

    public Trees(ObjectStore objects) {
        this.objects = objects;
        this.parsed = new Remembered<>(TREES_REMEMBERED);
        this.contentRoot = new ContentRoot(this, objects);
    }

    private Trees(ObjectStore objects, Trees known) {
        this.objects = objects;
        this.parsed = new Remembered<>(TREES_REMEMBERED, known.parsed);
        this.contentRoot = new ContentRoot(this, objects, known.contentRoot);
    }

    /** Trees over a store that holds all objects of this one and more; knows what this knows, but tells it nothing. */
    public Trees extendedBy(ObjectStore more) {
        return new Trees(more, this);
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

    /** The entries of one tree in Git's order. */
    List<TreeEntry> read(String treeId) {
        if (treeId.equals(EMPTY)) {
            return List.of();
        }
        return parsed.find(treeId).orElseGet(() -> {
            byte[] bytes = objects.find(ObjectStore.Type.TREE, treeId, MAX_TREE_BYTES)
                    .orElseThrow(() -> new Refusal("no-such-tree", "the repository holds no tree " + treeId));
            List<TreeEntry> entries = parse(treeId, bytes);
            parsed.put(treeId, entries);
            return entries;
        });
    }

    /** Stores a tree of these entries, in any order. */
    String write(List<TreeEntry> entries) {
        List<TreeEntry> ordered = entries.stream().sorted(GIT_ORDER).toList();
        String id = objects.put(ObjectStore.Type.TREE, format(ordered));
        parsed.put(id, ordered);
        return id;
    }

    private static byte[] format(List<TreeEntry> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(entries.size() * 48);
        for (TreeEntry entry : entries) {
            String mode = entry.isFolder() ? "40000" : entry.rawMode();
            bytes.writeBytes((mode + " " + entry.name() + "\0").getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(HEX.parseHex(entry.id()));
        }
        return bytes.toByteArray();
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

    private static String decode(byte[] bytes, int from, int to, String treeId) {
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
            if (i > 0 && GIT_ORDER.compare(entries.get(i - 1), entry) >= 0) {
                throw malformed(treeId, "its names are out of order");
            }
        }
    }

    private static Refusal malformed(String treeId, String what) {
        return new Refusal("malformed-tree", "tree " + treeId + " is not as Git writes one: " + what);
    }

    private static int compareInGitOrder(TreeEntry left, TreeEntry right) {
        String leftName = left.isFolder() ? left.name() + "/" : left.name();
        String rightName = right.isFolder() ? right.name() + "/" : right.name();
        return Differences.compareUtf8(leftName, rightName);
    }

    /**
     * Facts by id that never change, at most {@code 2 × capacity} of them. Thread-safe: two generations of concurrent maps,
     * the older one is dropped when the younger one is full; what is read from the older one moves to the younger one.
     */
    static final class Remembered<V> {
        private final int capacity;
        private final @Nullable Remembered<V> known;
        private volatile Map<String, V> young = new ConcurrentHashMap<>();
        private volatile Map<String, V> old = new ConcurrentHashMap<>();

        Remembered(int capacity) {
            this.capacity = capacity;
            this.known = null;
        }

        /** Also answers with what another one knows. */
        Remembered(int capacity, Remembered<V> known) {
            this.capacity = capacity;
            this.known = known;
        }

        Optional<V> find(String id) {
            V fact = young.get(id);
            if (fact != null) {
                return Optional.of(fact);
            }
            V older = old.get(id);
            if (older != null) {
                put(id, older);
                return Optional.of(older);
            }
            return known == null ? Optional.empty() : known.find(id);
        }

        void put(String id, V fact) {
            if (young.size() >= capacity) {
                turnOver();
            }
            young.put(id, fact);
        }

        private synchronized void turnOver() {
            if (young.size() >= capacity) {
                old = young;
                young = new ConcurrentHashMap<>();
            }
        }
    }
}
