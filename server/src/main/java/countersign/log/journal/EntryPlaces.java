package countersign.log.journal;

import countersign.log.tile.TilePath;
import java.util.Arrays;
import java.util.List;

/** Where in the journal each entry from a first one on is: eight bytes of memory for each. Thread-safe. */
public final class EntryPlaces {
    private final long first;
    private long[] places = new long[1024];
    private int count;
    private long next;
    private Boundary boundary;

    /**
     * The newest place at which a bundle of entries is full.
     *
     * @param size how many entries there are before it
     * @param start the record with the first entry behind it
     */
    public record Boundary(long size, Journal.Start start) {}

    /**
     * @param first index of the first entry whose place is kept
     * @param start where the journal is read from; no later than there
     */
    public EntryPlaces(long first, Journal.Start start) {
        this.first = first;
        this.next = start.index();
        this.boundary = new Boundary(first, start);
    }

    /**
     * Takes the places of the entries of the next record, whose body begins at the position.
     *
     * @return the index of its first entry
     */
    public synchronized long add(List<byte[]> entries, long position) {
        long index = next;
        long place = position;
        for (byte[] entry : entries) {
            if (next >= first) {
                keep(((place + Short.BYTES) << Short.SIZE) | entry.length);
            }
            next++;
            place += Short.BYTES + entry.length;
        }
        long full = next - next % TilePath.FULL;
        if (full > index && full > boundary.size()) {
            boolean exact = full == next;
            boundary = new Boundary(
                    full,
                    new Journal.Start(exact ? place : position - JournalReader.RECORD_HEADER, exact ? full : index));
        }
        return index;
    }

    /** Whether the entry's place is known. */
    public boolean has(long index) {
        return index >= first;
    }

    public synchronized long position(long index) {
        return places[(int) (index - first)] >>> Short.SIZE;
    }

    public synchronized int length(long index) {
        return (int) (places[(int) (index - first)] & 0xffff);
    }

    public synchronized Boundary boundary() {
        return boundary;
    }

    private void keep(long place) {
        if (count == places.length) {
            places = Arrays.copyOf(places, count * 2);
        }
        places[count++] = place;
    }
}
