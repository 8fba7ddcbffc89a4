package countersign.gate;

import countersign.codec.Sha256;
import countersign.signing.SshPrivateKey;
import java.nio.charset.StandardCharsets;

/** Real Ed25519 keys by name: the same name gives the same key in every run. */
public final class Keys {
    private Keys() {}

    /** The key of a name, for example {@code ann}, {@code ann-2} or {@code server}. */
    public static SshPrivateKey of(String name) {
        return SshPrivateKey.ofEd25519Seed(seed(name));
    }

    /** 32 bytes that follow from a name. */
    public static byte[] seed(String name) {
        return Sha256.of(("seed of " + name).getBytes(StandardCharsets.UTF_8)).bytes();
    }

    /** The address that the person of a name commits with. */
    public static String email(String name) {
        return name + "@lantern-tea.example";
    }
}
