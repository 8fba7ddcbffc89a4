package countersign.repository.object;

import countersign.repository.TreeEntry;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The entries of one tree as bytes, one after the other. Most trees differ from an earlier one in an entry or two, whose
 * bytes alone have to be made. Immutable: nobody alters the arrays.
 *
 * @param entries the entries
 * @param bytes what a form makes of them
 * @param ends where the bytes of each entry end
 */
record EntryBytes(List<TreeEntry> entries, byte[] bytes, int[] ends) {
    /** Of a tree without entries. */
    static final EntryBytes NONE = new EntryBytes(List.of(), new byte[0], new int[0]);

    /** How an entry becomes bytes. */
    interface Form {
        /** At least as many bytes as {@link #put} puts. */
        int maximalLength(TreeEntry entry);

        void put(TreeEntry entry, ByteBuffer bytes);
    }

    /** The bytes of other entries; those that stand here before the first and behind the last difference are copied. */
    EntryBytes with(List<TreeEntry> other, Form form) {
        int most = Math.min(entries.size(), other.size());
        int first = 0;
        while (first < most && Objects.equals(entries.get(first), other.get(first))) {
            first++;
        }
        int same = 0;
        while (same < most - first
                && Objects.equals(entries.get(entries.size() - 1 - same), other.get(other.size() - 1 - same))) {
            same++;
        }
        return spliced(other, first, same, form);
    }

    private EntryBytes spliced(List<TreeEntry> other, int first, int same, Form form) {
        int head = first == 0 ? 0 : ends[first - 1];
        int tail = same == entries.size() ? 0 : ends[entries.size() - 1 - same];
        int length = head + bytes.length - tail;
        for (TreeEntry entry : other.subList(first, other.size() - same)) {
            length += form.maximalLength(entry);
        }
        byte[] most = new byte[length];
        ByteBuffer made = ByteBuffer.wrap(most).put(bytes, 0, head);
        int[] newEnds = Arrays.copyOf(ends, other.size());
        for (int i = first; i < other.size() - same; i++) {
            form.put(other.get(i), made);
            newEnds[i] = made.position();
        }
        int shift = made.position() - tail;
        for (int i = 0; i < same; i++) {
            newEnds[other.size() - same + i] = ends[entries.size() - same + i] + shift;
        }
        made.put(bytes, tail, bytes.length - tail);
        return new EntryBytes(other, made.hasRemaining() ? Arrays.copyOf(most, made.position()) : most, newEnds);
    }
}
