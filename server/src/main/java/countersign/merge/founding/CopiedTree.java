package countersign.merge.founding;

import countersign.access.RepositorySettings;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.gate.key.RevokedKeys;
import countersign.manifest.rendering.Rendering;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.signing.SshPublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The files of an original as a copy begins with them. Its requests and the evidence of its merges are left out: they were
 * signed for another repository, and templates would be approved by them here. So are keys that its log revokes, which the
 * copy's own log knows nothing of. Every target is held but those that are released.
 */
public final class CopiedTree {
    /** What the copy has of its own. */
    private static final Set<String> IDENTITY =
            Set.of("id", "engine", "log", "serverKeys", "witnesses", "recovery", "copyOf", "heldTargets");

    private static final String PEOPLE = "access/people/";
    private static final String TARGETS = "targets/";
    private static final String YAML = ".yaml";

    private final Original original;
    private final DocumentReader documents;
    private final Map<String, Edit.Write> files;
    private final Set<String> held = new TreeSet<>();
    private final List<RevokedKeys.Entry> leftOut = new ArrayList<>();

    private CopiedTree(Original original, DocumentReader documents, Map<String, Edit.Write> files) {
        this.original = original;
        this.documents = documents;
        this.files = new TreeMap<>(files);
    }

    /**
     * What becomes of people and targets.
     *
     * @param keepPeople whether the keys of people stay
     * @param keys new keys of people, in place of those that they have
     * @param released targets that the copy applies to from the start
     */
    public record Wish(boolean keepPeople, Map<String, List<SshPublicKey>> keys, Set<String> released) {
        public Wish {
            keys = Map.copyOf(keys);
            released = Set.copyOf(released);
        }
    }

    /** Makes it of the original's files, those under {@code changes/} left out or not. */
    public static CopiedTree of(Original original, DocumentReader documents, Map<String, Edit.Write> files, Wish wish) {
        CopiedTree copied = new CopiedTree(original, documents, files);
        copied.files.keySet().removeIf(path -> path.startsWith("changes/"));
        wish.keys.values().forEach(keys -> keys.forEach(copied::requireUnrevoked));
        for (String path : List.copyOf(copied.files.keySet())) {
            if (path.startsWith(PEOPLE)) {
                copied.find(path, Kind.PERSON).ifPresent(person -> copied.rewriteKeys(person, wish));
            }
            if (path.startsWith(TARGETS)) {
                copied.find(path, Kind.TARGET).ifPresent(target -> copied.held.add(target.name()));
            }
        }
        copied.release(wish.released);
        return copied;
    }

    /** Files by path; {@code keys: []} where people get the new keys. The trust root is still the original's. */
    public Map<String, Edit.Write> files() {
        return Map.copyOf(files);
    }

    /** Names of the targets that nothing is applied to until a change releases them. */
    public List<String> held() {
        return List.copyOf(held);
    }

    /** Keys of people that were not taken over, because the original's log revokes them. */
    public List<RevokedKeys.Entry> leftOut() {
        return List.copyOf(leftOut);
    }

    /** Members of the new trust root's {@code spec} beside its identity: what the original says there, and where it is from. */
    public Map<String, @Nullable Object> further() {
        Map<String, @Nullable Object> further = new LinkedHashMap<>();
        Object spec = trustRoot().tree().root().get("spec");
        ((Map<?, ?>) Objects.requireNonNull(spec)).forEach((name, value) -> {
            if (!IDENTITY.contains((String) name)) {
                further.put((String) name, value);
            }
        });
        further.put("copyOf", provenance());
        further.put("heldTargets", held());
        return further;
    }

    /** Name of the original. */
    public String name() {
        return trustRoot().name();
    }

    /** What the genesis says of where it comes from. */
    public String message() {
        return "Found a copy of another repository\n\nCopy-Of: "
                + original.settings().id() + "\nCommit: "
                + original.commit() + "\nContent-Root: " + original.tree().contentRoot() + "\nLog: "
                + original.seen().origin() + "\nLog-Entries: " + original.seen().size() + "\nLog-Root: "
                + original.seen().root() + "\n";
    }

    private Map<String, Object> provenance() {
        Map<String, Object> provenance = new LinkedHashMap<>();
        provenance.put("repository", original.settings().id());
        provenance.put("commit", original.commit());
        provenance.put("contentRoot", original.tree().contentRoot().hex());
        provenance.put("log", original.seen().origin());
        provenance.put("entries", original.seen().size());
        provenance.put("root", original.seen().root().toString());
        return provenance;
    }

    private Document trustRoot() {
        return find(RepositorySettings.PATH, Kind.REPOSITORY).orElseThrow();
    }

    private Optional<Document> find(String path, Kind kind) {
        return path.endsWith(YAML)
                ? documents.find(original.tree(), path).filter(document -> document.kind() == kind)
                : Optional.empty();
    }

    private void release(Set<String> released) {
        for (String target : released) {
            if (!held.remove(target)) {
                throw new Refusal(
                        "unknown-target",
                        "there is no target " + target + " in " + TARGETS + " of " + original.commit(),
                        "leave it out, or name one of: " + String.join(", ", held));
            }
        }
    }

    private void requireUnrevoked(SshPublicKey key) {
        if (original.revoked().find(key.fingerprint()).isPresent()) {
            throw new Refusal(
                    "key-revoked",
                    "the key " + key.fingerprint() + " is revoked in the log of the original",
                    "give a key that nobody had to revoke");
        }
    }

    private void rewriteKeys(Document person, Wish wish) {
        List<Map<String, @Nullable Object>> before = person.spec().mapList("keys");
        List<Map<String, @Nullable Object>> after =
                wish.keepPeople && !wish.keys.containsKey(person.name()) ? unrevoked(before) : List.of();
        if (!after.equals(before)) {
            files.put(person.path(), withKeys(person, after));
        }
    }

    private List<Map<String, @Nullable Object>> unrevoked(List<Map<String, @Nullable Object>> keys) {
        List<Map<String, @Nullable Object>> good = new ArrayList<>();
        for (Map<String, @Nullable Object> key : keys) {
            String fingerprint =
                    SshPublicKey.parse(String.valueOf(key.get("key"))).fingerprint();
            original.revoked().find(fingerprint).ifPresentOrElse(leftOut::add, () -> good.add(key));
        }
        return good;
    }

    private static Edit.Write withKeys(Document person, List<?> keys) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>(person.tree().root());
        Map<String, @Nullable Object> spec = new LinkedHashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(root.get("spec"))).forEach((name, value) -> spec.put((String) name, value));
        spec.put("keys", keys);
        root.put("spec", spec);
        return new Edit.Write(FileMode.REGULAR, Rendering.render("yaml", root));
    }
}
