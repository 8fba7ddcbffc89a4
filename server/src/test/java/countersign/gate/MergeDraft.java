package countersign.gate;

import countersign.codec.Sha256;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import countersign.manifest.ChangeId;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A merge as a server would write it; each method makes it cheat in one thing. What is derived follows the lie: the
 * digests and the content root of the log entry are those of the files that were written, and the server key signs.
 */
public final class MergeDraft {
    private final Shop shop;
    private final Scene scene;
    private final String folder;
    private final Map<String, Edit> written = new LinkedHashMap<>();
    private List<String> parents;
    private String signer = "server";
    private List<Commit> proposed;
    private List<Vote> votes;
    private UnaryOperator<LogEntry.Merge> entry = good -> good;
    private UnaryOperator<Commit> commit = good -> good;
    private UnaryOperator<Snapshot> after = good -> good;

    MergeDraft(Shop shop, Scene scene, GateRecord gate, List<Commit> commits) {
        this.shop = shop;
        this.scene = scene;
        this.folder = scene.request().id().folder();
        this.parents = List.of(shop.main(), commits.get(0).id());
        this.proposed = commits;
        this.votes = scene.votes();
        gate(gate);
    }

    /** Says what the merge's gate record is to be, and writes the votes that it counts. */
    public MergeDraft gate(GateRecord record) {
        written.keySet().removeIf(path -> path.startsWith(folder + "/"));
        ServerFolder.files(scene.manifest(), record, votes).forEach(this::write);
        return this;
    }

    /** The gate record as it stands. */
    public GateRecord gate() {
        return GateRecord.parse(((Edit.Write) written.get(folder + "/gate.json")).bytes());
    }

    /** Writes one more file into the merge's tree, or another one instead. */
    public MergeDraft write(String path, byte[] bytes) {
        return edit(path, new Edit.Write(FileMode.REGULAR, bytes));
    }

    public MergeDraft write(String path, String text) {
        return write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Leaves a file out of the merge's tree. */
    public MergeDraft remove(String path) {
        return edit(path, new Edit.Delete());
    }

    public MergeDraft edit(String path, Edit edit) {
        written.put(path, edit);
        return this;
    }

    /** The bytes that the server is about to write at a path of its folder. */
    public byte[] bytes(String nameInFolder) {
        return ((Edit.Write) written.get(folder + "/" + nameInFolder)).bytes();
    }

    public MergeDraft withParents(String... ids) {
        parents = List.of(ids);
        return this;
    }

    /** Signed by the key of another name of {@link Keys}. */
    public MergeDraft signedBy(String keyName) {
        signer = keyName;
        return this;
    }

    public MergeDraft unsigned() {
        signer = "";
        return this;
    }

    /** Changes what the log entry says. */
    public MergeDraft logging(UnaryOperator<LogEntry.Merge> change) {
        entry = change;
        return this;
    }

    /** Shows the verifier another commit than the one that was made. */
    public MergeDraft showing(UnaryOperator<Commit> change) {
        commit = change;
        return this;
    }

    /** Shows the verifier another tree than the one that was made. */
    public MergeDraft showingTree(UnaryOperator<Snapshot> change) {
        after = change;
        return this;
    }

    /** Changes the votes that the log holds before the merge. */
    public MergeDraft votes(UnaryOperator<List<Vote>> change) {
        votes = change.apply(new ArrayList<>(votes));
        return this;
    }

    public MergeDraft proposing(List<Commit> commits) {
        proposed = commits;
        return this;
    }

    public Scene scene() {
        return scene;
    }

    public List<Commit> proposed() {
        return proposed;
    }

    /** Path of the folder that the server writes. */
    public String folder() {
        return folder;
    }

    /** Everything that the verifier looks at. */
    public MergeEvidence evidence() {
        String tree = shop.repository().edit(scene.after().treeId(), written);
        Snapshot snapshot = shop.repository().snapshotOfTree(tree);
        String id = commit(tree);
        LogEntry.Merge honest = new LogEntry.Merge(
                shop.nextSeq(),
                shop.main(),
                id,
                snapshot.contentRoot(),
                digest(snapshot, "manifest.json"),
                digest(snapshot, "gate.json"),
                scene.time());
        return new MergeEvidence(
                scene.before(),
                after.apply(snapshot),
                entry.apply(honest),
                shop.takeIndex(),
                commit.apply(shop.repository().getCommit(id)),
                proposed,
                votes,
                scene.revokedKeys(),
                scene.circumstances());
    }

    public Verifier.Verdict verify() {
        return shop.verifier().verify(evidence());
    }

    /** Verifies it and moves main to it. */
    public ChangeId land() {
        MergeEvidence evidence = evidence();
        Verifier.Verdict verdict = shop.verifier().verify(evidence);
        shop.land(evidence.commit().id());
        return verdict.manifest().change();
    }

    private String commit(String tree) {
        Commit.Identity server = new Commit.Identity("Countersign", "server@countersign.invalid", scene.time());
        CommitDraft draft = new CommitDraft(
                tree, parents, server, server, "Merge " + scene.request().id() + "\n");
        return signer.isEmpty()
                ? shop.repository().commit(draft)
                : shop.repository().commit(draft, payload -> signature(payload));
    }

    private byte[] signature(byte[] payload) {
        return Keys.of(signer).sign("git", payload).getBytes(StandardCharsets.US_ASCII);
    }

    private Sha256 digest(Snapshot snapshot, String name) {
        return snapshot.find(folder + "/" + name)
                .map(found -> snapshot.blobDigest(found.id()))
                .orElseGet(() -> Sha256.of(new byte[0]));
    }
}
