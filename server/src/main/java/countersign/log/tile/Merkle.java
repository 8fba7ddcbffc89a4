package countersign.log.tile;

import countersign.codec.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Merkle tree hashing and proofs of RFC 6962 §2.1 and RFC 9162 §2.1 with SHA-256. Pure; a proof is a list of at most
 * {@value #MAX_PROOF} hashes in the order in which a verifier uses them.
 */
public final class Merkle {
    public static final int MAX_PROOF = 63;

    private static final byte[] EMPTY = Sha256.newDigest().digest();

    private Merkle() {}

    /** Where the hashes of complete subtrees come from: an array of 32 bytes for each. */
    public interface Subtrees {
        /** The hash over the leaves from {@code number << level} up to {@code (number + 1) << level}. */
        byte[] hash(int level, long number);
    }

    public static Sha256 leafHash(byte[] entry) {
        return Sha256.ofDigest(leaf(entry));
    }

    /** The root over leaf hashes; the SHA-256 of nothing if there are none. */
    public static Sha256 root(List<Sha256> leaves) {
        return Sha256.ofDigest(root(leaves.size(), over(leaves)));
    }

    /** The audit path of one leaf, leaf's sibling first. */
    public static List<Sha256> inclusionProof(long index, List<Sha256> leaves) {
        return digests(inclusionProof(index, leaves.size(), over(leaves)));
    }

    /** The proof that the first {@code old} leaves are a prefix of all; empty if {@code old} is all. */
    public static List<Sha256> consistencyProof(long old, List<Sha256> leaves) {
        return digests(consistencyProof(old, leaves.size(), over(leaves)));
    }

    /** Whether the proof leads from the leaf at {@code index} to the root of a tree of {@code size} leaves. */
    public static boolean includes(long index, long size, Sha256 leaf, List<Sha256> proof, Sha256 root) {
        if (index < 0 || index >= size || proof.size() > MAX_PROOF) {
            return false;
        }
        long node = index;
        long last = size - 1;
        byte[] hash = leaf.bytes();
        for (Sha256 step : proof) {
            if (last == 0) {
                return false;
            }
            boolean left = isOdd(node) || node == last;
            hash = left ? node(step.bytes(), hash) : node(hash, step.bytes());
            int up = left ? levelsUp(node) : 1;
            node >>>= up;
            last >>>= up;
        }
        return last == 0 && Arrays.equals(hash, root.bytes());
    }

    /** Whether the proof shows the tree with root {@code oldRoot} to be a prefix of the one with {@code root}. */
    public static boolean extendsTo(long old, long size, List<Sha256> proof, Sha256 oldRoot, Sha256 root) {
        if (old <= 0 || old > size || proof.size() > MAX_PROOF) {
            return false;
        }
        if (old == size) {
            return proof.isEmpty() && oldRoot.equals(root);
        }
        return !proof.isEmpty() && climbs(old, size, proof, oldRoot, root);
    }

    public static byte[] leaf(byte[] entry) {
        MessageDigest digest = Sha256.newDigest();
        digest.update((byte) 0);
        return digest.digest(entry);
    }

    public static byte[] node(byte[] left, byte[] right) {
        MessageDigest digest = Sha256.newDigest();
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }

    public static byte[] root(long size, Subtrees subtrees) {
        return size == 0 ? EMPTY.clone() : range(0, size, subtrees);
    }

    public static List<byte[]> inclusionProof(long index, long size, Subtrees subtrees) {
        List<byte[]> downwards = new ArrayList<>();
        long begin = 0;
        long end = size;
        while (end - begin > 1) {
            long middle = begin + split(end - begin);
            if (index < middle) {
                downwards.add(range(middle, end, subtrees));
                end = middle;
            } else {
                downwards.add(range(begin, middle, subtrees));
                begin = middle;
            }
        }
        Collections.reverse(downwards);
        return downwards;
    }

    public static List<byte[]> consistencyProof(long old, long size, Subtrees subtrees) {
        List<byte[]> downwards = new ArrayList<>();
        long begin = 0;
        long end = size;
        while (old != end) {
            long middle = begin + split(end - begin);
            if (old <= middle) {
                downwards.add(range(middle, end, subtrees));
                end = middle;
            } else {
                downwards.add(range(begin, middle, subtrees));
                begin = middle;
            }
        }
        if (begin != 0) {
            downwards.add(range(begin, end, subtrees));
        }
        Collections.reverse(downwards);
        return downwards;
    }

    /** The hash over the leaves from begin up to end, where begin is a multiple of a power of two not below their count. */
    static byte[] range(long begin, long end, Subtrees subtrees) {
        long count = end - begin;
        if (Long.bitCount(count) == 1) {
            int level = Long.numberOfTrailingZeros(count);
            return subtrees.hash(level, begin >>> level);
        }
        long middle = begin + split(count);
        return node(range(begin, middle, subtrees), range(middle, end, subtrees));
    }

    /** Subtrees of leaf hashes that are all in memory. */
    static Subtrees over(List<Sha256> leaves) {
        return ofHashes(leaves.stream().map(Sha256::bytes).toList());
    }

    public static Subtrees ofHashes(List<byte[]> leaves) {
        return new Subtrees() {
            @Override
            public byte[] hash(int level, long number) {
                return level == 0
                        ? leaves.get(Math.toIntExact(number))
                        : node(hash(level - 1, 2 * number), hash(level - 1, 2 * number + 1));
            }
        };
    }

    public static List<Sha256> digests(List<byte[]> hashes) {
        return hashes.stream().map(Sha256::ofDigest).toList();
    }

    private static boolean climbs(long old, long size, List<Sha256> proof, Sha256 oldRoot, Sha256 root) {
        int skipped = Long.numberOfTrailingZeros(old);
        long node = (old - 1) >>> skipped;
        long last = (size - 1) >>> skipped;
        boolean whole = Long.bitCount(old) == 1;
        byte[] oldHash = (whole ? oldRoot : proof.get(0)).bytes();
        byte[] hash = oldHash;
        for (Sha256 step : proof.subList(whole ? 0 : 1, proof.size())) {
            if (last == 0) {
                return false;
            }
            boolean left = isOdd(node) || node == last;
            oldHash = left ? node(step.bytes(), oldHash) : oldHash;
            hash = left ? node(step.bytes(), hash) : node(hash, step.bytes());
            int up = left ? levelsUp(node) : 1;
            node >>>= up;
            last >>>= up;
        }
        return last == 0 && Arrays.equals(oldHash, oldRoot.bytes()) && Arrays.equals(hash, root.bytes());
    }

    /** From a node that is on the right or at the edge: one level, and on through levels where it is an only child. */
    private static int levelsUp(long node) {
        return node == 0 ? 1 : Long.numberOfTrailingZeros(node) + 1;
    }

    private static boolean isOdd(long number) {
        return (number & 1) == 1;
    }

    /** The largest power of two below a count of at least two. */
    private static long split(long count) {
        return Long.highestOneBit(count - 1);
    }
}
