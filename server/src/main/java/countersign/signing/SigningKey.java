package countersign.signing;

/** A private key that makes SSHSIG signatures. Thread-safe; its text form never shows the private part. */
public interface SigningKey {
    SshPublicKey publicKey();

    /**
     * Signs a message and returns the armored SSHSIG signature, as {@code ssh-keygen -Y sign} would write it.
     *
     * @param namespace what the signature is for, for example {@code vote@countersign.dev}; not empty
     */
    String sign(String namespace, byte[] message);
}
