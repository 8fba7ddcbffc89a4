package countersign.cli.change.subject;

import countersign.apply.plan.Plan;
import countersign.apply.plan.Planner;
import countersign.codec.Refusal;
import countersign.document.reader.Documents;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Manifest;
import countersign.merge.Preview;
import countersign.merge.clone.CloneReview;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a change does according to the user's own clone.
 *
 * @param manifest its effect, computed here; for a merged change as the merge commit holds it
 * @param title title of the request
 * @param before the tree before
 * @param after the tree after
 */
public record CloneEffect(Manifest manifest, String title, Snapshot before, Snapshot after) {
    private static final int DOCUMENTS = 2_000;

    /** Computes the effect; refuses {@code clone-behind} if the clone lacks a commit of the change. */
    public static CloneEffect of(Repository clone, Path folder, RemoteChange change) {
        RemoteChange.Merge merged = change.merged();
        requireCommit(clone, folder, change);
        return merged == null ? open(clone, change) : merged(clone, change, merged);
    }

    /** Refuses {@code manifest-differs-from-clone} unless the server says the very same. */
    public void requireSame(Manifest server, String serverTitle, Path folder) {
        if (!server.digest().equals(manifest.digest()) || !serverTitle.equals(title)) {
            throw new Refusal(
                    "manifest-differs-from-clone",
                    "the server asks you to sign the manifest " + server.digest() + " \"" + serverTitle
                            + "\"; your clone " + folder + " gives " + manifest.digest() + " \"" + title + "\"",
                    "git fetch origin and try again; if they still differ, don't sign, and ask who runs the server");
        }
    }

    /** What each target would see, keys and values, secrets masked. */
    public Plan plan() {
        return new Planner(new DocumentReader(new Documents(), DOCUMENTS)).plan(before, after, manifest.units());
    }

    private static CloneEffect open(Repository clone, RemoteChange change) {
        Preview preview = new CloneReview(clone).preview(change.id(), change.tip(), change.uploaders());
        return new CloneEffect(preview.requireManifest(), preview.request().title(), preview.before(), preview.after());
    }

    private static CloneEffect merged(Repository clone, RemoteChange change, RemoteChange.Merge merged) {
        Snapshot after = clone.snapshot(merged.commit());
        Manifest manifest = Manifest.parse(after.read(change.id().folder() + "/manifest.json", Manifest.MAX_BYTES));
        ChangeRequest request = new DocumentReader(new Documents(), 1)
                .find(after, change.id().document())
                .map(ChangeRequest::of)
                .orElseThrow();
        return new CloneEffect(
                manifest, Objects.requireNonNull(request).title(), clone.snapshot(merged.before()), after);
    }

    /** Clones of one branch fetch what is named and nothing else. */
    private static void requireCommit(Repository clone, Path folder, RemoteChange change) {
        RemoteChange.Merge merged = change.merged();
        String commit = merged == null ? change.tip() : merged.commit();
        try {
            clone.getCommit(commit);
        } catch (Refusal missing) {
            throw new Refusal(
                    "clone-behind",
                    "your clone " + folder + " does not have the commit " + commit + " that the server speaks of",
                    "git -C " + folder + " fetch origin main"
                            + (merged == null ? " " + "change/" + change.id().name() : ""));
        }
    }
}
