package countersign.git.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.BlobObjectChecker;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.transport.PackParser;
import org.jspecify.annotations.Nullable;

/**
 * What a received pack may cost beyond its own bytes: JGit makes room for as many objects as a pack's head claims, and
 * unpacks however much a few deltas make of one file.
 *
 * @param objects how many objects a pack may hold
 * @param unpacked how many bytes all of them may have together
 */
record PackLimits(long objects, long unpacked) {
    /** Many times what the largest change that can merge needs. */
    static final PackLimits STANDARD = new PackLimits(500_000, 2L << 30);

    private static final int HEAD = 12;
    private static final int COUNT = 8;

    /** Checks objects as JGit does, and how many bytes they have. For one pack. */
    ObjectChecker checker() {
        return new Counting(unpacked);
    }

    /** The same inserter, which refuses the pack by its head. */
    ObjectInserter around(ObjectInserter inserter) {
        return new ObjectInserter.Filter() {
            @Override
            protected ObjectInserter delegate() {
                return inserter;
            }

            @Override
            public PackParser newPackParser(InputStream in) throws IOException {
                return super.newPackParser(checked(in));
            }
        };
    }

    private InputStream checked(InputStream pack) throws IOException {
        byte[] head = pack.readNBytes(HEAD);
        long claimed = head.length < HEAD
                ? 0
                : Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt(COUNT));
        if (claimed > objects) {
            throw new IOException("a push brings at most " + objects + " objects, this one claims " + claimed
                    + "; push fewer commits at once [too-many-objects]");
        }
        return new SequenceInputStream(new ByteArrayInputStream(head), pack);
    }

    /** Adds up the sizes of objects; those of files where JGit, however they are packed, gives their bytes. */
    private static final class Counting extends ObjectChecker {
        private final long most;
        private long left;

        Counting(long most) {
            this.most = most;
            this.left = most;
        }

        @Override
        public void check(@Nullable AnyObjectId id, int type, byte[] bytes) throws CorruptObjectException {
            left -= type == Constants.OBJ_BLOB ? 0 : bytes.length;
            requireLeft();
            super.check(id, type, bytes);
        }

        @Override
        public BlobObjectChecker newBlobObjectChecker() {
            return new BlobObjectChecker() {
                @Override
                public void update(byte[] bytes, int offset, int length) {
                    left -= length;
                }

                @Override
                public void endBlob(AnyObjectId id) throws CorruptObjectException {
                    requireLeft();
                }
            };
        }

        private void requireLeft() throws CorruptObjectException {
            if (left < 0) {
                throw new CorruptObjectException("the objects of a push have at most " + most
                        + " bytes together once they are unpacked; push fewer commits at once [too-large]");
            }
        }
    }
}
