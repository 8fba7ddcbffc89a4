package countersign.merge.founding;

import countersign.access.RepositorySettings;
import countersign.access.Trust;
import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.document.PathRules;
import countersign.document.secret.Secrets;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.manifest.rendering.Rendering;
import countersign.merge.integrity.TreeIntegrity;
import countersign.policy.PolicyEngine;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.signing.NoteKey;
import countersign.signing.SigningKey;
import countersign.signing.SshPublicKey;
import countersign.signing.git.GitSignatures;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Founds a repository: its genesis commit and the first entry of its record log (PROTOCOL §7). */
public final class Founding {
    private static final String NO_KEYS = "\n  keys: []\n";

    private final Repository repository;
    private final RecordLog log;
    private final SigningKey serverKey;
    private final DocumentReader documents;

    public Founding(Repository repository, RecordLog log, SigningKey serverKey, DocumentReader documents) {
        this.repository = repository;
        this.log = log;
        this.serverKey = serverKey;
        this.documents = documents;
    }

    /**
     * What the genesis holds.
     *
     * @param id UUID of the repository
     * @param name name of the repository
     * @param parent commit whose history the genesis goes on from; null for none
     * @param content files by path; people documents with {@code keys: []} get theirs from {@code keys}
     * @param keys the first keys of people, by name
     * @param log keys of the log
     * @param cosigners the log's own timestamping keys
     * @param recovery offline recovery keys, at least one
     * @param recoveryThreshold how many of them a recovery needs
     * @param further more members of the trust root's {@code spec}
     * @param message of the commit
     */
    public record Charter(
            String id,
            String name,
            @Nullable String parent,
            Map<String, Edit.Write> content,
            Map<String, List<SshPublicKey>> keys,
            List<NoteKey> log,
            List<NoteKey> cosigners,
            List<SshPublicKey> recovery,
            int recoveryThreshold,
            Map<String, @Nullable Object> further,
            String message) {
        public Charter {
            content = Map.copyOf(new TreeMap<>(content));
            keys = Map.copyOf(keys);
            further = Collections.unmodifiableMap(new LinkedHashMap<>(further));
        }

        /** Of a repository that begins with its content alone. */
        public Charter(
                String id,
                String name,
                @Nullable String parent,
                Map<String, Edit.Write> content,
                Map<String, List<SshPublicKey>> keys,
                List<NoteKey> log,
                List<NoteKey> cosigners,
                List<SshPublicKey> recovery,
                int recoveryThreshold) {
            this(
                    id,
                    name,
                    parent,
                    content,
                    keys,
                    log,
                    cosigners,
                    recovery,
                    recoveryThreshold,
                    Map.of(),
                    "Found the repository\n");
        }
    }

    /** Writes the genesis and logs it; refuses content that would be refused later. Returns the genesis commit. */
    public String found(Charter charter, Instant time) {
        if (repository.findRef(Repository.MAIN).isPresent() || log.size() > 0) {
            throw new Refusal("already-founded", "this repository already has a main branch or a record log");
        }
        if (charter.recovery().size() < charter.recoveryThreshold() || charter.recoveryThreshold() < 1) {
            throw new Refusal(
                    "recovery-keys",
                    "recovery needs " + charter.recoveryThreshold() + " of "
                            + charter.recovery().size() + " keys, which nobody can give",
                    "name at least one offline recovery key");
        }
        Map<String, Edit.Write> content = withKeys(charter);
        content.put(RepositorySettings.PATH, text(settings(charter)));
        requireClean(content);
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        String commit = commit(charter, content, second);
        Snapshot snapshot = repository.snapshot(commit);
        requireSound(snapshot, second);
        repository.force();
        log.append(new LogEntry.Genesis(
                charter.id(), RepositorySettings.NEWEST_ENGINE, commit, snapshot.contentRoot(), second));
        if (!repository.moveRefs(List.of(new Repository.RefMove(Repository.MAIN, null, commit)))) {
            throw new Refusal("already-founded", "main appeared while the repository was founded");
        }
        return commit;
    }

    private String commit(Charter charter, Map<String, Edit.Write> content, Instant time) {
        String parent = charter.parent();
        Commit.Identity server = new Commit.Identity("Countersign", "server@countersign.invalid", time);
        return repository.commit(
                new CommitDraft(
                        repository.edit(null, Map.copyOf(content)),
                        parent == null ? List.of() : List.of(parent),
                        server,
                        server,
                        charter.message()),
                payload -> GitSignatures.armored(payload, serverKey));
    }

    private void requireClean(Map<String, Edit.Write> content) {
        List<Finding> findings = new ArrayList<>();
        content.forEach((path, file) -> {
            findings.addAll(PathRules.check(path));
            findings.addAll(Secrets.scan(path, file.bytes()));
            findings.addAll(documents.inspect(path, file.bytes()));
            if (path.startsWith("changes/")) {
                findings.add(Finding.error(
                        "changes-immutable",
                        "a genesis holds no changes; countersign restore --as-copy founds a copy of a repository",
                        Place.file(path)));
            }
        });
        Refusal.ifAnyBlocks(findings);
    }

    /** The trust must not contradict itself, and must be able to change itself, now and in a week. */
    private void requireSound(Snapshot snapshot, Instant time) {
        countersign.access.TrustReader trusts = new countersign.access.TrustReader(documents);
        Trust trust = trusts.read(snapshot);
        if (trust.people().stream().allMatch(person -> person.keys().isEmpty())) {
            throw new Refusal("no-administrators", "nobody in access/people has a key", "give the first people keys");
        }
        TreeIntegrity integrity = new TreeIntegrity(documents, trusts, new PolicyEngine());
        List<Finding> findings = new ArrayList<>(integrity.checkReferences(snapshot));
        findings.addAll(integrity.checkQuorum(
                snapshot, java.util.Set.of(), java.util.Set.of(time, time.plus(java.time.Duration.ofDays(7)))));
        Refusal.ifAnyBlocks(findings);
    }

    private static Map<String, Edit.Write> withKeys(Charter charter) {
        Map<String, Edit.Write> content = new TreeMap<>(charter.content());
        charter.keys().forEach((person, keys) -> {
            String path = "access/people/" + person + ".yaml";
            Edit.Write document = content.get(path);
            if (document == null) {
                throw new Refusal("unknown-person", "a key is given for " + person + ", but there is no " + path);
            }
            String text = new String(document.bytes(), StandardCharsets.UTF_8);
            if (!text.contains(NO_KEYS)) {
                throw new Refusal("keys-already-set", path + " has keys of its own", "write keys: [] there");
            }
            String lines =
                    keys.stream().map(key -> "    - key: " + key.line() + "\n").collect(Collectors.joining());
            content.put(path, text(text.replace(NO_KEYS, "\n  keys:\n" + lines)));
        });
        return content;
    }

    private static Edit.Write text(String text) {
        return new Edit.Write(FileMode.REGULAR, text.getBytes(StandardCharsets.UTF_8));
    }

    private String settings(Charter charter) {
        return """
                apiVersion: countersign.dev/v1
                kind: Repository
                metadata:
                  name: %s
                spec:
                  id: %s
                  engine: %d
                  log:
                    origin: %s
                    keys:%s
                    cosigners:%s
                  serverKeys:%s
                  witnesses:
                    quorum: 0
                    keys: []
                  recovery:
                    threshold: %d
                    keys:%s
                """.formatted(
                        charter.name(),
                        charter.id(),
                        RepositorySettings.NEWEST_ENGINE,
                        log.checkpoint().origin(),
                        list(charter.log().stream().map(NoteKey::vkey).toList()),
                        list(charter.cosigners().stream().map(NoteKey::vkey).toList()),
                        list(List.of(serverKey.publicKey().line())),
                        charter.recoveryThreshold(),
                        list(charter.recovery().stream().map(SshPublicKey::line).toList()))
                + further(charter.further());
    }

    private static String further(Map<String, @Nullable Object> members) {
        String rendered = new String(Rendering.render("yaml", Map.of("spec", members)), StandardCharsets.UTF_8);
        return members.isEmpty() ? "" : rendered.substring(rendered.indexOf('\n') + 1);
    }

    private static String list(List<String> lines) {
        return lines.stream().map(line -> "\n      - \"" + line + "\"").collect(Collectors.joining());
    }
}
