package countersign.signing.git;

import countersign.codec.Refusal;
import countersign.signing.SigningKey;
import countersign.signing.SshPublicKey;
import countersign.signing.SshSignature;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** SSH signatures of Git commits and tags: namespace {@code git}, over the object without its {@code gpgsig} header. */
public final class GitSignatures {
    private static final String NAMESPACE = "git";
    private static final String HEADER = "gpgsig ";

    private GitSignatures() {}

    /**
     * The key, one of the given, that signed this payload. An authenticator must have been touched and have verified
     * its user; signatures made on web pages are refused.
     *
     * @param payload the commit object's bytes without its {@code gpgsig} header
     * @param armored the header's value with its continuation lines unindented; null if there is none
     */
    public static SshPublicKey verify(byte[] payload, @Nullable String armored, Collection<SshPublicKey> keys) {
        if (armored == null) {
            throw new Refusal(
                    "commit-not-signed",
                    "the commit has no signature",
                    "sign it with: git -c gpg.format=ssh commit --amend -S");
        }
        SshSignature signature = SshSignature.parse(armored);
        SshPublicKey signer = keys.stream()
                .filter(signature.publicKey()::equals)
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "commit-signed-by-unknown-key",
                        "the commit is signed by " + signature.publicKey() + ", which is none of the " + keys.size()
                                + " keys that may sign it"));
        signature.by(signer).verify(NAMESPACE, payload);
        return signer;
    }

    /** The armored signature of a commit's payload, as the {@code gpgsig} header's value. */
    public static byte[] armored(byte[] payload, SigningKey key) {
        return key.sign(NAMESPACE, payload).getBytes(StandardCharsets.US_ASCII);
    }

    /** The bytes of a commit object signed with the key: the payload with a {@code gpgsig} header as its last one. */
    public static byte[] sign(byte[] payload, SigningKey key) {
        int headers = endOfHeaders(payload);
        String value = key.sign(NAMESPACE, payload).strip().replace("\n", "\n ");
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + value.length() + 16);
        out.write(payload, 0, headers);
        out.writeBytes((HEADER + value + "\n").getBytes(StandardCharsets.US_ASCII));
        out.write(payload, headers, payload.length - headers);
        return out.toByteArray();
    }

    /** The index just after the last header's line feed: that of the empty line. */
    private static int endOfHeaders(byte[] payload) {
        for (int i = 0; i + 1 < payload.length; i++) {
            if (payload[i] == '\n' && payload[i + 1] == '\n') {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("a commit object has an empty line after its headers");
    }
}
