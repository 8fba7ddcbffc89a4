package countersign.signing;

import countersign.codec.Sha256;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which signatures were found good, so that each is judged once. Only good ones are remembered, by digest of
 * namespace, message, signature and allowed pages; the least recently used are forgotten first. Thread-safe: a lock
 * guards the memory, judging happens outside it.
 */
public final class VerifiedSignatures {
    private final Map<Sha256, Boolean> good;

    /** @param capacity how many signatures to remember, at least one; about 200 bytes each */
    public VerifiedSignatures(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("the capacity must be at least 1");
        }
        this.good = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Sha256, Boolean> eldest) {
                return size() > capacity;
            }
        };
    }

    /** The same as {@link SshSignature#verify(String, byte[], WebAuthnOrigins)}, at most once for the same arguments. */
    public void verify(SshSignature signature, String namespace, byte[] message, WebAuthnOrigins allowed) {
        Sha256 digest = digest(signature, namespace, message, allowed);
        if (isRemembered(digest)) {
            return;
        }
        signature.verify(namespace, message, allowed);
        remember(digest);
    }

    boolean isRemembered(SshSignature signature, String namespace, byte[] message, WebAuthnOrigins allowed) {
        return isRemembered(digest(signature, namespace, message, allowed));
    }

    private static Sha256 digest(SshSignature signature, String namespace, byte[] message, WebAuthnOrigins allowed) {
        SshWire.Writer writer = new SshWire.Writer()
                .string(namespace)
                .string(Sha256.of(message).bytes())
                .string(signature.bytes())
                .string(allowed.relyingParty());
        allowed.origins().stream().sorted().forEach(writer::string);
        return Sha256.of(writer.bytes());
    }

    private boolean isRemembered(Sha256 digest) {
        synchronized (good) {
            return good.get(digest) != null;
        }
    }

    private void remember(Sha256 digest) {
        synchronized (good) {
            good.put(digest, true);
        }
    }
}
