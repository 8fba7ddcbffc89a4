package countersign.merge;

import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.gate.vote.Contributors;
import countersign.manifest.ChangeId;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Effect;
import countersign.manifest.Manifest;
import countersign.merge.integrity.TreeIntegrity;
import countersign.policy.PolicyEngine;
import countersign.repository.Commit;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Works out what a branch would do to main: a merge path by path, never of text (PROTOCOL §1.5). Cost follows what the
 * branch touches. Thread-safe.
 */
public final class Proposals {
    public static final int MAX_COMMITS = 1_000;

    private final TrustReader trusts;
    private final Effect effect;
    private final TreeIntegrity integrity;

    public Proposals(DocumentReader documents, TrustReader trusts, PolicyEngine policies) {
        this.trusts = trusts;
        this.effect = new Effect(documents);
        this.integrity = new TreeIntegrity(documents, trusts, policies);
    }

    /** A branch and who pushed it. */
    public record Branch(ChangeId change, String tip, Collection<String> uploaders) {}

    /** The preview of a branch against a commit of main. */
    public Preview preview(Repository view, String main, Branch branch) {
        String base = requireBase(view, main, branch.tip());
        List<Commit> commits = view.commitsBetween(main, branch.tip(), MAX_COMMITS);
        Snapshot before = view.snapshot(main);
        List<Finding> findings = new ArrayList<>();
        Preview.Recipe recipe = merge(view, base, main, branch.tip(), findings);
        Snapshot after = make(view, recipe, findings);
        Trust trust = trusts.read(before);
        findings.addAll(Contributors.unknown(commits, trust));
        TreeSet<String> contributors = new TreeSet<>(Contributors.of(commits, trust));
        contributors.addAll(branch.uploaders());
        Effect.Proposal proposal = new Effect.Proposal(before, after, branch.change(), List.copyOf(contributors));
        List<Difference> differences = effect.differences(proposal);
        findings.addAll(effect.check(proposal, differences));
        ChangeRequest request = effect.request(proposal);
        Manifest manifest = null;
        if (findings.stream().noneMatch(Finding::blocks)) {
            findings.addAll(integrity.check(proposal, differences));
            manifest = manifest(proposal, differences, findings);
        }
        return new Preview(request, manifest, findings, main, branch.tip(), before, after, recipe, commits);
    }

    /** The change whose request a branch adds; refuses a branch without exactly one. */
    public ChangeId changeOf(Repository view, String main, String tip) {
        String base = requireBase(view, main, tip);
        List<ChangeId> changes =
                Differences.between(view.snapshot(base), view.snapshot(tip), Manifest.MAX_FILES).stream()
                        .filter(difference -> difference.after() != null)
                        .map(Difference::path)
                        .flatMap(path -> ChangeId.ofDocument(path).stream())
                        .toList();
        if (changes.size() != 1) {
            throw new Refusal(
                    "no-change-request",
                    "a change branch adds exactly one changes/<yyyy-mm-dd>/<name>.yaml, this one adds "
                            + (changes.isEmpty() ? "none" : changes.toString()),
                    "add a ChangeRequest named after the branch");
        }
        return changes.get(0);
    }

    private @org.jspecify.annotations.Nullable Manifest manifest(
            Effect.Proposal proposal, List<Difference> differences, List<Finding> findings) {
        try {
            return effect.manifest(proposal, differences);
        } catch (Refusal refusal) {
            findings.addAll(refusal.findings());
            return null;
        }
    }

    private static String requireBase(Repository view, String main, String tip) {
        return view.mergeBase(main, tip)
                .orElseThrow(() -> new Refusal(
                        "unrelated-history", "the branch shares no commit with main", "start it from a clone of main"));
    }

    /** Main with the branch's paths put in; a path that changed on both sides is a conflict. */
    private static Preview.Recipe merge(Repository view, String base, String main, String tip, List<Finding> findings) {
        Snapshot tipTree = view.snapshot(tip);
        if (base.equals(main)) {
            return Preview.Recipe.of(tipTree);
        }
        Snapshot baseTree = view.snapshot(base);
        Snapshot mainTree = view.snapshot(main);
        Map<String, Edit> edits = new HashMap<>();
        for (Difference difference : Differences.between(baseTree, tipTree, Manifest.MAX_FILES)) {
            String path = difference.path();
            Optional<TreeEntry> onMain = mainTree.find(path);
            if (!onMain.equals(baseTree.find(path))) {
                findings.add(conflict(path));
            } else {
                edit(difference).ifPresent(edit -> edits.put(path, edit));
            }
        }
        return new Preview.Recipe(mainTree.treeId(), edits);
    }

    /** The tree of a recipe, without writing it; nothing is made of edits that contradict the tree. */
    private static Snapshot make(Repository view, Preview.Recipe recipe, List<Finding> findings) {
        Snapshot start = view.snapshotOfTree(recipe.tree());
        try {
            return recipe.edits().isEmpty() ? start : view.edited(recipe.tree(), recipe.edits());
        } catch (Refusal refusal) {
            findings.addAll(refusal.findings());
            return start;
        }
    }

    private static Optional<Edit> edit(Difference difference) {
        TreeEntry after = difference.after();
        if (after == null) {
            return Optional.of(new Edit.Delete());
        }
        FileMode mode = after.fileMode();
        return mode == null ? Optional.empty() : Optional.of(new Edit.Link(mode, after.id()));
    }

    private static Finding conflict(String path) {
        return Finding.error(
                        "path-conflict", "this path also changed on main since the branch left it", Place.file(path))
                .withWayOut("rebase the branch on main and push again; that is a new revision");
    }
}
