package countersign.gate.recovery;

import countersign.access.RepositorySettings;
import countersign.codec.Refusal;
import countersign.manifest.Manifest;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import countersign.signing.SshPublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a recover merge may do and who signs it (PROTOCOL §7). Thread-safe. */
public final class RecoveryRules {
    /** The role that a recovery key claims. */
    public static final String ROLE = "recovery";

    /** The one requirement of a recovery. */
    public static final String QUORUM = "recovery-quorum";

    private static final String ACCESS = "access/";

    private final DocumentReader documents;

    public RecoveryRules(DocumentReader documents) {
        this.documents = documents;
    }

    /**
     * Who must sign a recovery.
     *
     * @param needed how many keys
     * @param keys the keys that count
     */
    public record Quorum(int needed, List<SshPublicKey> keys) {
        public Quorum {
            keys = List.copyOf(keys);
        }

        public boolean counts(String fingerprint) {
            return keys.stream().anyMatch(key -> key.fingerprint().equals(fingerprint));
        }
    }

    /**
     * The quorum of the trust root before; if merges are named bad, of that at the new head as well, lest bad merges, or
     * recovery keys of a time long past, decide what is bad.
     */
    public static Quorum quorum(RepositorySettings before, RepositorySettings head) {
        return new Quorum(
                Math.max(before.recoveryThreshold(), head.recoveryThreshold()),
                before.recoveryKeys().stream()
                        .filter(head.recoveryKeys()::contains)
                        .toList());
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
                .filter(path -> !isOwn(path) && !path.equals(manifest.change().document()))
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

    /** Whether a requirement, which stands in no document, is that of a recovery. */
    public static boolean isQuorum(@Nullable String document, String rule) {
        return document == null && rule.equals(QUORUM);
    }

    /** Whether any recovery may change something at a path. */
    static boolean isOwn(String path) {
        return isAccess(path) || path.equals(RepositorySettings.PATH);
    }

    static boolean isAccess(String path) {
        return path.startsWith(ACCESS);
    }

    static RepositorySettings withKeys(RepositorySettings settings, List<SshPublicKey> serverKeys) {
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
                settings.recoveryKeys(),
                settings.stopRoles(),
                settings.held(),
                settings.copyOf());
    }

    private static Refusal refusal(String found) {
        return new Refusal(
                "recovery-scope",
                "a recovery changes access/** and the server's keys only; " + found,
                "recover first, then open a normal change for the rest");
    }
}
