package countersign.manifest;

import countersign.access.RepositorySettings;
import countersign.access.Trust;
import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.document.Kind;
import countersign.document.PathRules;
import countersign.repository.Difference;
import countersign.repository.DocumentReader;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a change may do to a tree at all, whoever signs it (PROTOCOL §1). Looks only at what differs. Reports every
 * finding.
 */
final class TreeRules {
    private static final int MAX_DOCUMENT = 1 << 20;

    private final DocumentReader documents;

    public TreeRules(DocumentReader documents) {
        this.documents = documents;
    }

    /**
     * Judges the differences of one change.
     *
     * @param differences what differs between the two snapshots, without the server's own new folder
     */
    public List<Finding> check(Snapshot before, Snapshot after, ChangeId change, List<Difference> differences) {
        List<Finding> findings = new ArrayList<>();
        Set<String> grownFolders = new HashSet<>();
        for (Difference difference : differences) {
            checkPath(change, difference, findings);
            TreeEntry added = difference.after();
            if (added != null) {
                checkFile(after, difference.path(), added, findings);
                if (difference.before() == null) {
                    addFolders(grownFolders, difference.path());
                }
            }
        }
        grownFolders.forEach(folder -> checkCollisions(after, folder, findings));
        checkUniqueNames(after, differences, findings);
        checkOverlays(after, differences, findings);
        checkTrustRoot(before, after, differences, findings);
        checkTrust(after, differences, findings);
        return findings;
    }

    /** Whether systems of the families that a change touches are still whole once they are put over their bases. */
    private void checkOverlays(Snapshot after, List<Difference> differences, List<Finding> findings) {
        if (findings.stream().anyMatch(Finding::blocks)) {
            return;
        }
        Set<String> families = new TreeSet<>();
        differences.stream()
                .map(Difference::path)
                .filter(TreeRules::isSystem)
                .forEach(path -> families.add(path.substring(0, path.lastIndexOf('/'))));
        for (String family : families) {
            for (TreeEntry entry : after.list(family)) {
                if (!entry.isFolder() && entry.name().endsWith(".yaml")) {
                    checkOverlay(after, family + "/" + entry.name(), findings);
                }
            }
        }
    }

    private void checkOverlay(Snapshot after, String path, List<Finding> findings) {
        try {
            documents.find(after, path);
        } catch (Refusal notWhole) {
            findings.addAll(notWhole.findings());
        }
    }

    private static void checkPath(ChangeId change, Difference difference, List<Finding> findings) {
        String path = difference.path();
        if (!path.startsWith("changes/")) {
            if (difference.after() != null) {
                findings.addAll(PathRules.check(path));
            }
        } else if (!path.equals(change.document())) {
            findings.add(Finding.error(
                    "changes-immutable",
                    "a change may write only its own request " + change.document() + " under changes/, this writes "
                            + path,
                    Place.file(path)));
        } else if (difference.before() != null || difference.after() == null) {
            findings.add(Finding.error("changes-immutable", "a merged ChangeRequest never changes", Place.file(path)));
        }
    }

    private void checkFile(Snapshot after, String path, TreeEntry entry, List<Finding> findings) {
        if (entry.fileMode() == null) {
            findings.add(PathRules.forbiddenMode(path, entry.rawMode()));
            return;
        }
        try {
            if (PathRules.isPayload(path) || !path.endsWith(".yaml")) {
                findings.addAll(documents.inspect(path, after.read(path, UnitFile.MAX_BYTES)));
            } else if (entry.fileMode() == FileMode.EXECUTABLE) {
                findings.add(Finding.error(
                        "forbidden-mode", "a document has mode 100644, this has 100755", Place.file(path)));
            } else {
                findings.addAll(documents.inspect(path, after.read(path, MAX_DOCUMENT)));
            }
        } catch (Refusal refusal) {
            refusal.findings()
                    .forEach(finding -> findings.add(finding.place() == null ? finding.at(Place.file(path)) : finding));
        }
    }

    private static void addFolders(Set<String> folders, String path) {
        int slash = path.lastIndexOf('/');
        while (slash > 0 && folders.add(path.substring(0, slash))) {
            slash = path.lastIndexOf('/', slash - 1);
        }
        folders.add("");
    }

    private static void checkCollisions(Snapshot after, String folder, List<Finding> findings) {
        PathRules.collision(after.list(folder).stream().map(TreeEntry::name).toList())
                .ifPresent(finding -> findings.add(finding.at(Place.file(folder.isEmpty() ? "/" : folder))));
    }

    /** Two systems of one name would share a folder on their targets. A document's file is named after it. */
    private static void checkUniqueNames(Snapshot after, List<Difference> differences, List<Finding> findings) {
        List<String> added = differences.stream()
                .filter(difference -> difference.before() == null)
                .map(Difference::path)
                .filter(TreeRules::isSystem)
                .toList();
        if (added.isEmpty()) {
            return;
        }
        Map<String, List<String>> systems = systems(after);
        for (String path : added) {
            systems.getOrDefault(name(path), List.of()).stream()
                    .filter(other -> !other.equals(path))
                    .forEach(other -> findings.add(Finding.error(
                            "duplicate-name", "the name of " + path + " is taken by " + other, Place.file(path))));
        }
    }

    /** The paths of what families hold, by the name of the file. */
    private static Map<String, List<String>> systems(Snapshot after) {
        Map<String, List<String>> systems = new HashMap<>();
        for (TreeEntry family : after.list("systems")) {
            String folder = "systems/" + family.name();
            for (TreeEntry entry : after.list(folder)) {
                systems.computeIfAbsent(entry.name(), name -> new ArrayList<>()).add(folder + "/" + entry.name());
            }
        }
        return systems;
    }

    private static boolean isSystem(String path) {
        return path.startsWith("systems/") && path.endsWith(".yaml") && !PathRules.isPayload(path);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** People, keys and addresses that contradict each other would close the repository for ever. */
    private void checkTrust(Snapshot after, List<Difference> differences, List<Finding> findings) {
        boolean touched = differences.stream().anyMatch(difference -> PathRules.isTrustPath(difference.path()));
        if (touched && findings.stream().noneMatch(Finding::blocks)) {
            try {
                Trust.of(after, documents);
                checkTargets(after, findings);
            } catch (Refusal refusal) {
                findings.addAll(refusal.findings());
            }
        }
    }

    /** Two targets of one folder would let a change reach one of them by the rules for the other. */
    private void checkTargets(Snapshot after, List<Finding> findings) {
        List<String> folders = documents.list(after, Kind.TARGET.folder()).stream()
                .flatMap(target -> Stream.ofNullable(target.spec().objectOrNull("directory")))
                .map(directory -> directory.text("path"))
                .toList();
        PathOverlap.find(folders)
                .ifPresent(overlap -> findings.add(Finding.error(
                        "shared-target", "two targets share a place: " + overlap, Place.file(Kind.TARGET.folder()))));
    }

    private void checkTrustRoot(Snapshot before, Snapshot after, List<Difference> differences, List<Finding> findings) {
        if (differences.stream().noneMatch(difference -> difference.path().equals(RepositorySettings.PATH))) {
            return;
        }
        try {
            RepositorySettings old = RepositorySettings.of(before, documents);
            RepositorySettings now = RepositorySettings.of(after, documents);
            requireSame("id", old.id(), now.id(), findings);
            requireSame("log/origin", old.origin(), now.origin(), findings);
            if (now.engine() < old.engine()) {
                findings.add(Finding.error(
                        "engine-lowered",
                        "the engine only rises: " + old.engine() + " before, " + now.engine() + " after",
                        Place.file(RepositorySettings.PATH)));
            }
        } catch (Refusal refusal) {
            findings.addAll(refusal.findings());
        }
    }

    private static void requireSame(String field, String old, String now, List<Finding> findings) {
        if (!old.equals(now)) {
            findings.add(Finding.error(
                    "trust-root-identity",
                    "spec/" + field + " never changes: " + old + " before, " + now + " after",
                    Place.file(RepositorySettings.PATH)));
        }
    }
}
