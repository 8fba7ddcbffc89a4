package countersign.audit;

import countersign.log.copy.LogReader;
import countersign.log.tile.TilePath;
import java.util.function.Supplier;

/** Says how to see an entry of the record log with stock tools. Asked for the entries one by one, in their order. */
final class LogPlaces {
    private final String branch;
    private final long size;
    private long offset;

    /** Begins at an entry, whose bundle already has bytes before it. */
    static LogPlaces since(String branchCommit, LogReader.Verified log, long first) {
        LogPlaces places = new LogPlaces(branchCommit, log.checkpoint().size());
        for (long index = first - first % TilePath.FULL; index < first; index++) {
            places.offset += Short.BYTES + log.entry(index).bytes().length;
        }
        return places;
    }

    private LogPlaces(String branchCommit, long size) {
        this.branch = branchCommit;
        this.size = size;
    }

    /** A command that prints the entry's bytes; must be asked for every entry from the first of a bundle on. */
    Supplier<String> command(LogReader.Entry entry) {
        if (entry.index() % TilePath.FULL == 0) {
            offset = 0;
        }
        TilePath bundle = TilePath.holding(TilePath.ENTRIES, entry.index(), size);
        long begin = offset + Short.BYTES + 1;
        int length = entry.bytes().length;
        offset += Short.BYTES + length;
        return () -> "git cat-file blob " + branch + ":" + bundle + " | tail -c +" + begin + " | head -c " + length;
    }
}
