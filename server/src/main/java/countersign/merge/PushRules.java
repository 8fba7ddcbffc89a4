package countersign.merge;

import countersign.access.Trust;
import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.document.PathRules;
import countersign.document.reader.Inspection;
import countersign.document.secret.Secrets;
import countersign.gate.vote.Contributors;
import countersign.manifest.Manifest;
import countersign.repository.Commit;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.push.Push;
import countersign.signing.git.GitSignatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must never enter history, in whatever commit of a push it stands. Thread-safe. */
public final class PushRules {
    private static final int MAX_FILE = 16 << 20;

    /** What the reading of a document finds that refuses a push; everything else it finds is for the change's page. */
    private static final Set<String> NEVER = Set.of("misplaced-trust-kind", "lfs-pointer", "too-large", "yml-suffix");

    private final DocumentReader documents;

    public PushRules(DocumentReader documents) {
        this.documents = documents;
    }

    /** Every reason to refuse the push whole. */
    public List<Finding> check(Push push, Trust trust) {
        List<Finding> findings = new ArrayList<>();
        if (push.newFiles().size() > Manifest.MAX_FILES) {
            throw new Refusal(
                    "too-many-paths",
                    "a push brings at most " + Manifest.MAX_FILES + " files, this one "
                            + push.newFiles().size());
        }
        push.newFiles().forEach(file -> checkFile(push, file, findings));
        checkCommits(push, trust, findings);
        return findings.stream().distinct().toList();
    }

    /** Every reason to refuse edits before any of them is written. */
    public List<Finding> check(Map<String, Edit> edits) {
        List<Finding> findings = new ArrayList<>();
        edits.forEach((path, edit) -> {
            if (edit instanceof Edit.Write write) {
                findings.addAll(checkPath(path));
                findings.addAll(checkBytes(path, write.bytes()));
            } else if (edit instanceof Edit.Link) {
                findings.addAll(checkPath(path));
            }
        });
        return findings.stream().distinct().toList();
    }

    private void checkFile(Push push, Push.NewFile file, List<Finding> findings) {
        if (file.entry().fileMode() == null) {
            findings.add(PathRules.forbiddenMode(file.path(), file.entry().rawMode()));
            return;
        }
        findings.addAll(checkPath(file.path()));
        findings.addAll(checkBytes(file.path(), push.read(file.entry().id(), MAX_FILE)));
    }

    private static List<Finding> checkPath(String path) {
        return PathRules.isServerWritten(path)
                ? List.of(Finding.error(
                        "server-written-path",
                        "only the server writes here, at the merge",
                        Place.file(PathRules.escape(path))))
                : PathRules.check(path);
    }

    private List<Finding> checkBytes(String path, byte[] bytes) {
        if (bytes.length > MAX_FILE) {
            return List.of(Finding.error(
                    "too-large",
                    "a file has at most " + MAX_FILE + " bytes, this has " + bytes.length,
                    Place.file(PathRules.escape(path))));
        }
        Inspection inspection = documents.inspection(path, bytes);
        List<Finding> findings = new ArrayList<>(Secrets.scan(path, bytes, inspection.document()));
        inspection.findings().stream()
                .filter(finding -> NEVER.contains(finding.rule()))
                .forEach(findings::add);
        return findings;
    }

    private static void checkCommits(Push push, Trust trust, List<Finding> findings) {
        findings.addAll(Contributors.unknown(push.newCommits(), trust));
        for (Commit commit : push.newCommits()) {
            if (commit.parents().size() > 2) {
                findings.add(Finding.error(
                        "octopus-merge",
                        "commit " + commit.id() + " has " + commit.parents().size() + " parents, at most 2 are"
                                + " allowed"));
            }
            checkAuthorship(push, trust, commit, findings);
        }
    }

    /** A commit in another person's name needs that person's signature (PROTOCOL §3.2). */
    private static void checkAuthorship(Push push, Trust trust, Commit commit, List<Finding> findings) {
        for (String name : Contributors.of(List.of(commit), trust)) {
            if (!name.equals(push.pusher()) && !signedBy(commit, trust, name)) {
                findings.add(Finding.error(
                                "foreign-author",
                                "commit " + commit.id().substring(0, 10) + " is in the name of " + name + ", pushed by "
                                        + push.pusher())
                        .withWayOut(name + " signs the commit (git commit -S), or pushes it"));
            }
        }
    }

    private static boolean signedBy(Commit commit, Trust trust, String person) {
        String armored = commit.signature();
        if (armored == null) {
            return false;
        }
        try {
            GitSignatures.verify(
                    commit.signedPayload(),
                    armored,
                    trust.findPerson(person).orElseThrow().keys().stream()
                            .map(key -> key.publicKey())
                            .toList());
            return true;
        } catch (Refusal refusal) {
            return false;
        }
    }
}
