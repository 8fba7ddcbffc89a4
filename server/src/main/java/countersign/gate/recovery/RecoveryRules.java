package countersign.gate.recovery;

import countersign.access.RepositorySettings;
import countersign.codec.Refusal;
import countersign.manifest.Manifest;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import countersign.signing.SshPublicKey;
import java.util.List;

/** What a recover merge may do and who signs it (PROTOCOL §7). Thread-safe. */
public final class RecoveryRules {
    /** The role that a recovery key claims. */
    public static final String ROLE = "recovery";

    private static final String ACCESS = "access/";

    private final DocumentReader documents;

    public RecoveryRules(DocumentReader documents) {
        this.documents = documents;
    }

    /** The name under which a recovery key signs: {@code recovery-1} is the first in countersign.yaml. */
    public static String signer(RepositorySettings settings, SshPublicKey key) {
        int place = settings.recoveryKeys().indexOf(key);
        if (place < 0) {
            throw new Refusal(
                    "not-a-recovery-key",
                    "the key " + key.fingerprint() + " is none of the "
                            + settings.recoveryKeys().size() + " recovery keys in " + RepositorySettings.PATH,
                    "sign with the private half of a key in spec/recovery/keys");
        }
        return ROLE + "-" + (place + 1);
    }

    /** The same for the fingerprint of a key. */
    public static String signer(RepositorySettings settings, String fingerprint) {
        return settings.recoveryKeys().stream()
                .filter(key -> key.fingerprint().equals(fingerprint))
                .findFirst()
                .map(key -> signer(settings, key))
                .orElseThrow(() -> new Refusal(
                        "not-a-recovery-key",
                        "none of the recovery keys in " + RepositorySettings.PATH + " has the fingerprint "
                                + fingerprint));
    }

    /** Refuses {@code recovery-scope} what touches anything but access/** and the server's keys. */
    public void requireScope(Manifest manifest, Snapshot before, Snapshot after) {
        List<String> others = manifest.files().stream()
                .map(Manifest.FileChange::path)
                .filter(path -> !path.startsWith(ACCESS)
                        && !path.equals(RepositorySettings.PATH)
                        && !path.equals(manifest.change().document()))
                .toList();
        if (!others.isEmpty()) {
            throw refusal("this touches " + String.join(", ", others));
        }
        RepositorySettings old = RepositorySettings.of(before, documents);
        RepositorySettings now = RepositorySettings.of(after, documents);
        if (!withKeys(old, now.serverKeys()).equals(now)) {
            throw refusal("this changes more of " + RepositorySettings.PATH + " than spec/serverKeys");
        }
    }

    private static RepositorySettings withKeys(RepositorySettings settings, List<SshPublicKey> serverKeys) {
        return new RepositorySettings(
                settings.id(),
                settings.engine(),
                settings.origin(),
                settings.logKeys(),
                settings.cosigners(),
                serverKeys,
                settings.witnessQuorum(),
                settings.witnesses(),
                settings.recoveryThreshold(),
                settings.recoveryKeys());
    }

    private static Refusal refusal(String found) {
        return new Refusal(
                "recovery-scope",
                "a recovery changes access/** and the server's keys only; " + found,
                "recover first, then open a normal change for the rest");
    }
}
