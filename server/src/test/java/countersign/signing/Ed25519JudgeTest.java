package countersign.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

/** The fast judge of Ed25519 beside the platform's, on all edge cases of C2SP's vectors. */
final class Ed25519JudgeTest {
    private static final HexFormat HEX = HexFormat.of();

    private record Vector(int number, byte[] key, byte[] signature, byte[] message, List<String> flags) {
        boolean onAnEdge() {
            return !flags.isEmpty();
        }
    }

    @Test
    void it_says_what_the_platform_says_on_every_edge() throws Exception {
        List<Integer> differing = new ArrayList<>();
        int good = 0;
        for (Vector vector : vectors()) {
            EdECPublicKey key = platformKey(vector.key);
            boolean platform = said(() -> SignatureBlob.isSigned("Ed25519", key, vector.message, vector.signature));
            boolean judge = said(() -> new Ed25519Judge(key).isSigned(vector.message, vector.signature));
            if (judge != platform) {
                differing.add(vector.number);
            }
            good += platform ? 1 : 0;
        }

        assertThat(vectors()).hasSize(914);
        assertThat(good).as("good ones for the platform").isBetween(1, 913);
        assertThat(differing).isEmpty();
    }

    @Test
    void it_is_certain_of_no_signature_on_an_edge() throws Exception {
        for (Vector vector : vectors()) {
            if (vector.onAnEdge()) {
                assertThat(new Ed25519Judge(platformKey(vector.key)).isCertain(vector.message, vector.signature))
                        .as("vector %d: %s", vector.number, vector.flags)
                        .isFalse();
            }
        }
    }

    @Test
    void it_is_certain_of_honest_signatures_and_refuses_each_with_a_bit_flipped() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 64; i++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            byte[] message = ("message " + i).getBytes(StandardCharsets.UTF_8);
            byte[] encoded = new byte[32];
            Ed25519.generatePublicKey(seed, 0, encoded, 0);
            byte[] signature = new byte[64];
            Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
            Ed25519Judge judge = new Ed25519Judge(platformKey(encoded));

            assertThat(judge.isCertain(message, signature)).isTrue();
            signature[i] ^= 1;
            assertThat(judge.isSigned(message, signature)).isFalse();
        }
    }

    /** The platform refuses keys that are not canonical by another way than signatures. */
    private static boolean said(BooleanSupplier judgement) {
        try {
            return judgement.getAsBoolean();
        } catch (IllegalStateException refusedKey) {
            return false;
        }
    }

    private static List<Vector> vectors() throws IOException {
        try (InputStream in = Ed25519JudgeTest.class.getResourceAsStream("/ed25519/ed25519vectors.json")) {
            List<Vector> vectors = new ArrayList<>();
            for (JsonNode node : new ObjectMapper().readTree(in)) {
                List<String> flags = new ArrayList<>();
                node.path("flags").forEach(flag -> flags.add(flag.asText()));
                vectors.add(new Vector(
                        node.path("number").asInt(),
                        HEX.parseHex(node.path("key").asText()),
                        HEX.parseHex(node.path("sig").asText()),
                        node.path("msg").asText().getBytes(StandardCharsets.UTF_8),
                        flags));
            }
            return vectors;
        }
    }

    private static EdECPublicKey platformKey(byte[] encoded) throws GeneralSecurityException {
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = encoded[31 - i];
        }
        bigEndian[0] &= 0x7f;
        EdECPoint point = new EdECPoint(encoded[31] < 0, new BigInteger(1, bigEndian));
        return (EdECPublicKey) KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }
}
