package countersign.access;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import countersign.signing.NoteKey;
import countersign.signing.SshPublicKey;
import java.util.List;
import java.util.Optional;

/**
 * The trust root of a repository: its {@code countersign.yaml} (PROTOCOL §7).
 *
 * @param id UUID of the repository; never changes
 * @param engine version of the frozen rules; only rises
 * @param origin origin of the record log; never changes
 * @param logKeys keys that sign checkpoints
 * @param cosigners the log's own timestamping keys
 * @param serverKeys keys that sign merge commits and the server's receipts
 * @param witnessQuorum how many witnesses a checkpoint needs; 0 for none
 * @param witnesses keys of the witnesses
 * @param recoveryThreshold how many recovery keys must sign a recovery
 * @param recoveryKeys offline keys
 * @param stopRoles roles that may stop everything
 * @param held targets that nothing is applied to
 * @param copyOf what it was copied from; empty if it is no copy
 */
public record RepositorySettings(
        String id,
        int engine,
        String origin,
        List<NoteKey> logKeys,
        List<NoteKey> cosigners,
        List<SshPublicKey> serverKeys,
        int witnessQuorum,
        List<NoteKey> witnesses,
        int recoveryThreshold,
        List<SshPublicKey> recoveryKeys,
        List<String> stopRoles,
        HeldTargets held,
        Optional<CopyOf> copyOf) {
    private static final List<String> USUAL_STOP_ROLES = List.of("change-control");

    public static final String PATH = "countersign.yaml";

    /** The engines this program ships. */
    public static final int NEWEST_ENGINE = 1;

    /** Reads the settings of a snapshot; a Refusal {@code no-trust-root} if it has none. */
    public static RepositorySettings of(Snapshot snapshot, DocumentReader documents) {
        Document document = documents
                .find(snapshot, PATH)
                .filter(found -> found.kind() == Kind.REPOSITORY)
                .orElseThrow(() -> new Refusal("no-trust-root", "the tree has no " + PATH));
        RepositorySettings settings = read(document.spec());
        if (settings.engine > NEWEST_ENGINE) {
            throw new Refusal(
                    "unknown-engine",
                    PATH + " pins engine " + settings.engine + ", this program knows " + NEWEST_ENGINE,
                    "use a newer countersign");
        }
        return settings;
    }

    private static RepositorySettings read(Fields spec) {
        Fields log = spec.object("log");
        Fields witnesses = spec.objectOrNull("witnesses");
        Fields recovery = spec.object("recovery");
        Fields stop = spec.objectOrNull("stop");
        return new RepositorySettings(
                spec.text("id"),
                Math.toIntExact(spec.integer("engine")),
                log.text("origin"),
                noteKeys(log.textList("keys")),
                noteKeys(log.textList("cosigners")),
                sshKeys(spec.textList("serverKeys")),
                witnesses == null ? 0 : Math.toIntExact(witnesses.integer("quorum")),
                witnesses == null ? List.of() : noteKeys(witnesses.textList("keys")),
                Math.toIntExact(recovery.integer("threshold")),
                sshKeys(recovery.textList("keys")),
                stop == null ? USUAL_STOP_ROLES : stop.textList("roles"),
                new HeldTargets(spec.textList("heldTargets")),
                Optional.ofNullable(spec.objectOrNull("copyOf")).map(CopyOf::read));
    }

    private static List<NoteKey> noteKeys(List<String> lines) {
        return lines.stream().map(NoteKey::parse).toList();
    }

    private static List<SshPublicKey> sshKeys(List<String> lines) {
        return lines.stream().map(SshPublicKey::parse).toList();
    }
}
