package countersign.cli.folder;

import countersign.access.RepositorySettings;
import countersign.access.Trust;
import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.PathRules;
import countersign.document.reader.Documents;
import countersign.document.reader.Inspection;
import countersign.document.reference.PackageFit;
import countersign.document.reference.References;
import countersign.document.secret.Secrets;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import countersign.policy.testing.PolicyTestRunner;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.object.InMemoryRepository;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges every file of a folder by what can be known without a server: paths, documents, schemas, references, names,
 * secrets, policies, and whether the trust contradicts itself. Files are read by all processors.
 */
final class FolderCheck {
    private static final Comparator<Finding> BY_PLACE = Comparator.comparing(
            Finding::place,
            Comparator.nullsFirst(Comparator.comparing(Place::path)
                    .thenComparingInt(Place::line)
                    .thenComparingInt(Place::column)));

    private final FolderFiles files;
    private final Documents documents = new Documents();
    private final PolicyEngine policies = new PolicyEngine();

    FolderCheck(FolderFiles files) {
        this.files = files;
    }

    /** What one file holds. */
    private record Seen(@Nullable Document document, List<Finding> findings) {}

    /** Every finding, by path, line and column. */
    List<Finding> run() {
        List<Seen> seen =
                files.paths().parallelStream().map(path -> inspect(path)).toList();
        List<Finding> findings = new ArrayList<>();
        seen.forEach(file -> findings.addAll(file.findings()));
        List<Document> valid =
                seen.stream().map(Seen::document).filter(Objects::nonNull).toList();
        findings.addAll(checkTogether(valid));
        findings.addAll(checkCollisions());
        if (findings.stream().noneMatch(Finding::blocks)) {
            findings.addAll(checkTrust());
        }
        return findings.stream().distinct().sorted(BY_PLACE).toList();
    }

    private Seen inspect(String path) {
        if (!files.isPlain(path)) {
            return new Seen(
                    null,
                    List.of(Finding.error(
                                    "forbidden-mode",
                                    "is a symbolic link or another special file; only plain files are allowed",
                                    Place.file(PathRules.escape(path)))
                            .withWayOut("commit the file itself")));
        }
        byte[] bytes = files.read(path);
        Inspection inspection = documents.inspect(path, bytes);
        List<Finding> findings = new ArrayList<>(inspection.findings());
        findings.addAll(Secrets.scan(path, bytes));
        Document document = inspection.document();
        if (document != null && document.kind() == Kind.POLICY) {
            findings.addAll(policies.check(document, bytes));
        }
        return new Seen(document, findings);
    }

    /** References, also to documents that are themselves wrong, so that one mistake is one finding. */
    private List<Finding> checkTogether(List<Document> valid) {
        Set<String> present = new HashSet<>(files.paths());
        List<Finding> findings = new ArrayList<>(References.duplicateNames(valid));
        List<Document> whole = whole(valid, findings);
        FolderNames known = new FolderNames(present, whole);
        for (Document document : whole) {
            if (!known.isMerged(document)) {
                findings.addAll(References.check(document, known::exists));
            }
            findings.addAll(References.cycles(document, known));
            findings.addAll(PackageFit.check(document, known));
            findings.addAll(References.checkPayload(document, present::contains));
        }
        findings.addAll(checkTried(valid));
        return findings;
    }

    /** Each document, systems put over their bases; without those that are not whole. */
    private List<Document> whole(List<Document> valid, List<Finding> findings) {
        Map<String, Document> written = new HashMap<>();
        valid.forEach(document -> written.put(document.path(), document));
        List<Document> whole = new ArrayList<>();
        for (Document document : valid) {
            Inspection inspection = documents.whole(document, path -> Optional.ofNullable(written.get(path)));
            inspection.findings().stream().filter(Finding::blocks).forEach(findings::add);
            Document found = inspection.document();
            if (found != null) {
                whole.add(found);
            }
        }
        return whole;
    }

    /** Whether each policy has tests that pass. */
    private List<Finding> checkTried(List<Document> valid) {
        List<Document> tests = valid.stream()
                .filter(document -> document.kind() == Kind.POLICY_TEST)
                .toList();
        PolicyTestRunner runner = new PolicyTestRunner(policies);
        return valid.stream()
                .filter(document -> document.kind() == Kind.POLICY)
                .filter(document ->
                        policies.check(document, files.read(document.path())).isEmpty())
                .flatMap(document -> runner.check(Policy.read(document, files.read(document.path())), tests).stream())
                .toList();
    }

    private List<Finding> checkCollisions() {
        Map<String, Set<String>> folders = new TreeMap<>();
        for (String path : files.paths()) {
            int slash = -1;
            do {
                int end = path.indexOf('/', slash + 1);
                String folder = slash < 0 ? "" : path.substring(0, slash);
                String name = path.substring(slash + 1, end < 0 ? path.length() : end);
                folders.computeIfAbsent(folder, key -> new HashSet<>()).add(name);
                slash = end;
            } while (slash >= 0);
        }
        List<Finding> findings = new ArrayList<>();
        folders.forEach((folder, names) -> PathRules.collision(names)
                .ifPresent(finding -> findings.add(finding.at(Place.file(folder.isEmpty() ? "/" : folder)))));
        return findings;
    }

    /** A folder that no server has founded yet has no trust root and nothing to contradict. */
    private List<Finding> checkTrust() {
        if (!files.paths().contains(RepositorySettings.PATH)) {
            return List.of();
        }
        Map<String, Edit> trusted = new HashMap<>();
        files.paths().stream()
                .filter(path -> path.endsWith(".yaml") && PathRules.isTrustPath(path))
                .forEach(path -> trusted.put(path, new Edit.Write(FileMode.REGULAR, files.read(path))));
        try (InMemoryRepository memory = new InMemoryRepository()) {
            Trust.of(memory.snapshotOfTree(memory.edit(null, trusted)), new DocumentReader(documents, trusted.size()));
            return List.of();
        } catch (Refusal contradiction) {
            return contradiction.findings();
        }
    }
}
