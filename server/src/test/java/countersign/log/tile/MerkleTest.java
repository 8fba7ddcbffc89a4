package countersign.log.tile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Sha256;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MerkleTest {
    private static final int SIZES = 70;

    /** The eight leaves and roots that Certificate Transparency's reference code is tested with. */
    private static final List<String> REFERENCE_LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> REFERENCE_ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void roots_are_those_of_the_reference_implementation() {
        List<Sha256> leaves = new ArrayList<>();

        for (int i = 0; i < REFERENCE_LEAVES.size(); i++) {
            leaves.add(Merkle.leafHash(HexFormat.of().parseHex(REFERENCE_LEAVES.get(i))));

            assertThat(Merkle.root(leaves).hex()).isEqualTo(REFERENCE_ROOTS.get(i));
        }
    }

    @Test
    void the_root_of_no_leaves_is_the_digest_of_nothing() {
        assertThat(Merkle.root(List.of())).isEqualTo(Sha256.of(new byte[0]));
    }

    @Test
    void every_inclusion_proof_of_small_trees_is_the_one_of_the_rfc_and_verifies() {
        for (int size = 1; size <= SIZES; size++) {
            List<Sha256> leaves = leaves(size);
            Sha256 root = Oracle.root(leaves);
            assertThat(Merkle.root(leaves)).isEqualTo(root);
            for (int index = 0; index < size; index++) {
                List<Sha256> proof = Merkle.inclusionProof(index, leaves);

                assertThat(proof).isEqualTo(Oracle.path(index, leaves));
                assertThat(Merkle.includes(index, size, leaves.get(index), proof, root))
                        .isTrue();
            }
        }
    }

    @Test
    void every_consistency_proof_of_small_trees_is_the_one_of_the_rfc_and_verifies() {
        for (int size = 1; size <= SIZES; size++) {
            List<Sha256> leaves = leaves(size);
            Sha256 root = Oracle.root(leaves);
            for (int old = 1; old <= size; old++) {
                List<Sha256> proof = Merkle.consistencyProof(old, leaves);
                Sha256 oldRoot = Oracle.root(leaves.subList(0, old));

                assertThat(proof).isEqualTo(Oracle.subproof(old, leaves, true));
                assertThat(Merkle.extendsTo(old, size, proof, oldRoot, root)).isTrue();
            }
        }
    }

    @Test
    void a_proof_with_one_thing_changed_does_not_verify() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            int size = 2 + random.nextInt(300);
            int index = random.nextInt(size);
            int old = 1 + random.nextInt(size - 1);
            List<Sha256> leaves = leaves(size);
            Sha256 root = Merkle.root(leaves);
            Sha256 oldRoot = Merkle.root(leaves.subList(0, old));
            List<Sha256> inclusion = Merkle.inclusionProof(index, leaves);
            List<Sha256> consistency = Merkle.consistencyProof(old, leaves);
            Sha256 leaf = leaves.get(index);

            List<Sha256> badInclusion = withOneChange(inclusion, random);
            List<Sha256> badConsistency = withOneChange(consistency, random);

            assertThat(Merkle.includes(index, size, leaf, badInclusion, root)).isFalse();
            assertThat(Merkle.includes(index ^ 1, size, leaf, inclusion, root)).isFalse();
            assertThat(Merkle.includes(index, size, flip(leaf, random), inclusion, root))
                    .isFalse();
            assertThat(Merkle.includes(index, size, leaf, inclusion, flip(root, random)))
                    .isFalse();
            assertThat(Merkle.extendsTo(old, size, badConsistency, oldRoot, root))
                    .isFalse();
            assertThat(Merkle.extendsTo(old, size, consistency, flip(oldRoot, random), root))
                    .isFalse();
            assertThat(Merkle.extendsTo(old, size, consistency, oldRoot, flip(root, random)))
                    .isFalse();
        }
    }

    @Test
    void proofs_outside_of_the_tree_do_not_verify() {
        List<Sha256> leaves = leaves(5);
        Sha256 root = Merkle.root(leaves);
        Sha256 leaf = leaves.get(4);

        assertThat(Merkle.includes(5, 5, leaf, Merkle.inclusionProof(4, leaves), root))
                .isFalse();
        assertThat(Merkle.includes(-1, 5, leaf, List.of(), root)).isFalse();
        assertThat(Merkle.includes(0, 0, leaf, List.of(), leaf)).isFalse();
        assertThat(Merkle.extendsTo(0, 5, List.of(), root, root)).isFalse();
        assertThat(Merkle.extendsTo(6, 5, List.of(), root, root)).isFalse();
        assertThat(Merkle.extendsTo(4, 5, List.of(), root, root)).isFalse();
        assertThat(Merkle.extendsTo(5, 5, List.of(leaf), root, root)).isFalse();
        assertThat(Merkle.includes(0, 1, leaf, Collections.nCopies(64, leaf), leaf))
                .isFalse();
    }

    private static List<Sha256> leaves(int size) {
        List<Sha256> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(Merkle.leafHash(("entry " + i).getBytes(UTF_8)));
        }
        return leaves;
    }

    private static List<Sha256> withOneChange(List<Sha256> proof, Random random) {
        List<Sha256> changed = new ArrayList<>(proof);
        int place = random.nextInt(proof.size());
        switch (random.nextInt(3)) {
            case 0 -> changed.set(place, flip(proof.get(place), random));
            case 1 -> changed.remove(place);
            default -> changed.add(place, Sha256.of(new byte[] {1}));
        }
        return changed;
    }

    private static Sha256 flip(Sha256 hash, Random random) {
        byte[] bytes = hash.bytes();
        bytes[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
        return Sha256.ofDigest(bytes);
    }

    /** RFC 6962 §2.1, word for word. */
    private static final class Oracle {
        static Sha256 root(List<Sha256> leaves) {
            if (leaves.size() == 1) {
                return leaves.get(0);
            }
            int k = k(leaves.size());
            return node(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
        }

        static List<Sha256> path(int m, List<Sha256> leaves) {
            if (leaves.size() == 1) {
                return List.of();
            }
            int k = k(leaves.size());
            List<Sha256> left = leaves.subList(0, k);
            List<Sha256> right = leaves.subList(k, leaves.size());
            return m < k ? plus(path(m, left), root(right)) : plus(path(m - k, right), root(left));
        }

        static List<Sha256> subproof(int m, List<Sha256> leaves, boolean known) {
            if (m == leaves.size()) {
                return known ? List.of() : List.of(root(leaves));
            }
            int k = k(leaves.size());
            List<Sha256> left = leaves.subList(0, k);
            List<Sha256> right = leaves.subList(k, leaves.size());
            return m <= k
                    ? plus(subproof(m, left, known), root(right))
                    : plus(subproof(m - k, right, false), root(left));
        }

        private static int k(int n) {
            int k = 1;
            while (k * 2 < n) {
                k *= 2;
            }
            return k;
        }

        private static List<Sha256> plus(List<Sha256> proof, Sha256 last) {
            List<Sha256> longer = new ArrayList<>(proof);
            longer.add(last);
            return longer;
        }

        private static Sha256 node(Sha256 left, Sha256 right) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(1);
            bytes.writeBytes(left.bytes());
            bytes.writeBytes(right.bytes());
            return Sha256.of(Arrays.copyOf(bytes.toByteArray(), 65));
        }
    }
}
