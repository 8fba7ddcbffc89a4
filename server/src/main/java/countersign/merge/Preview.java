package countersign.merge;

import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Manifest;
import countersign.repository.Commit;
import countersign.repository.Edit;
import countersign.repository.Snapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a change would do to main as it stands.
 *
 * @param request its request
 * @param manifest its effect; null while findings keep it from being computed
 * @param findings everything found; it can't merge while any of them blocks
 * @param main the commit it was computed against
 * @param tip the newest revision
 * @param before the tree of main
 * @param after the tree that main would have, without the server's own folder; perhaps never written
 * @param recipe how to write it
 * @param commits the commits it adds, newest first
 */
public record Preview(
        ChangeRequest request,
        @Nullable Manifest manifest,
        List<Finding> findings,
        String main,
        String tip,
        Snapshot before,
        Snapshot after,
        Recipe recipe,
        List<Commit> commits) {
    /**
     * What makes a tree.
     *
     * @param tree id of a tree that is there
     * @param edits what to do to it
     */
    public record Recipe(String tree, Map<String, Edit> edits) {
        public Recipe {
            edits = Map.copyOf(edits);
        }

        /** A tree that is there as it is. */
        public static Recipe of(Snapshot present) {
            return new Recipe(present.treeId(), Map.of());
        }
    }

    public Preview {
        findings = List.copyOf(findings);
        commits = List.copyOf(commits);
    }

    public boolean blocked() {
        return findings.stream().anyMatch(Finding::blocks);
    }

    /** The manifest, or a Refusal with the findings that keep it from being computed. */
    public Manifest requireManifest() {
        Refusal.ifAnyBlocks(findings);
        if (manifest == null) {
            throw new IllegalStateException("a preview without blocking findings has a manifest");
        }
        return manifest;
    }
}
