package countersign;

import countersign.access.Person;
import countersign.access.TrustReader;
import countersign.cli.data.Program;
import countersign.codec.Refusal;
import countersign.data.CopySource;
import countersign.data.DataCopy;
import countersign.data.DataFolder;
import countersign.data.ServerKeys;
import countersign.git.GitRepository;
import countersign.log.RecordLog;
import countersign.merge.founding.CopiedTree;
import countersign.merge.founding.FirstContent;
import countersign.merge.founding.Founding;
import countersign.merge.founding.Original;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import countersign.signing.SshPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/** Founds a repository with the files of another and an identity of its own (PROTOCOL §7). */
final class AsCopy {
    private final Countersign.Outside outside;
    private final DocumentReader documents;

    AsCopy(Countersign.Outside outside, DocumentReader documents) {
        this.outside = outside;
        this.documents = documents;
    }

    Program.Copied make(Program.Copy copy) {
        return new CopySource(documents, outside.clock())
                .read(copy.from(), Optional.ofNullable(copy.commit()), original -> make(copy, original));
    }

    private Program.Copied make(Program.Copy copy, Original original) {
        FirstContent content = new FirstContent();
        content.addTreeWithout(original.tree(), "changes");
        CopiedTree tree = CopiedTree.of(
                original,
                documents,
                content.files(),
                new CopiedTree.Wish(copy.people().keep(), copy.people().keys(), new TreeSet<>(copy.released())));
        String name = copy.name() == null ? tree.name() : copy.name();
        String origin = copy.origin() == null ? name + ".invalid/log" : copy.origin();
        requireOther(origin, original);
        DataFolder folder = new DataFolder(copy.data());
        folder.create();
        try {
            return found(copy, new Identity(name, origin), original, tree);
        } catch (Refusal refusal) {
            DataCopy.delete(copy.data());
            throw refusal;
        }
    }

    private record Identity(String name, String origin) {}

    private Program.Copied found(Program.Copy copy, Identity identity, Original original, CopiedTree tree) {
        DataFolder folder = new DataFolder(copy.data());
        ServerKeys keys = ServerKeys.generate(identity.origin, outside.random());
        keys.write(folder.keys());
        boolean kept = copy.recovery().keys().isEmpty();
        List<SshPublicKey> recovery =
                kept ? original.settings().recoveryKeys() : copy.recovery().keys();
        String id = UUID.randomUUID().toString();
        try (GitRepository repository = GitRepository.create(folder.repository());
                RecordLog log = RecordLog.open(folder.log(), keys.signers(), outside.clock())) {
            Founding.Charter charter = new Founding.Charter(
                    id,
                    identity.name,
                    null,
                    tree.files(),
                    copy.people().keys(),
                    List.of(keys.log().key()),
                    List.of(keys.clock().key()),
                    recovery,
                    kept
                            ? original.settings().recoveryThreshold()
                            : copy.recovery().threshold(),
                    tree.further(),
                    tree.message());
            String genesis = new Founding(repository, log, keys.server(), documents)
                    .found(charter, outside.clock().instant());
            String root = repository.snapshot(genesis).contentRoot().hex();
            return new Program.Copied(
                    new Program.Founded(id, genesis, root),
                    identity.origin,
                    new Program.CopiedFrom(
                            original.settings().id(),
                            original.settings().origin(),
                            original.commit(),
                            original.tree().contentRoot().hex()),
                    signers(repository.snapshot(genesis)),
                    tree.leftOut().stream()
                            .map(key -> key.person() + " " + key.key())
                            .toList(),
                    original.revoked().all().stream()
                            .filter(key -> key.since() != null)
                            .map(key -> key.person() + " " + key.key() + " from log entry " + key.since() + " on")
                            .toList(),
                    tree.held(),
                    copy.released());
        }
    }

    private List<String> signers(Snapshot genesis) {
        return new TrustReader(documents)
                .read(genesis).people().stream()
                        .filter(person -> !person.keys().isEmpty())
                        .map(Person::name)
                        .toList();
    }

    private static void requireOther(String origin, Original original) {
        if (origin.equals(original.settings().origin())) {
            throw new Refusal(
                    "origin-of-another",
                    origin + " is the origin of the original's record log; two logs of one name are a fork",
                    "give the copy another --name or --origin");
        }
    }
}
