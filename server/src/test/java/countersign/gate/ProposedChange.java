package countersign.gate;

import countersign.access.Trust;
import countersign.codec.Refusal;
import countersign.gate.circumstance.Chain;
import countersign.gate.circumstance.Circumstances;
import countersign.gate.circumstance.FailedReceipt;
import countersign.gate.vote.Contributors;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.manifest.ChangeId;
import countersign.manifest.Effect;
import countersign.manifest.Manifest;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** A change of the shop: what a branch touches, who made it, who voted. Not reusable after {@link #merge}. */
public final class ProposedChange {
    private final Shop shop;
    private final String name;
    private final Map<String, Edit> edits = new LinkedHashMap<>();
    private final List<Commit.Identity[]> authors = new ArrayList<>();
    private final Set<String> uploaders = new TreeSet<>();
    private final List<VoteDraft> drafts = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final Set<String> revokedKeys = new TreeSet<>();
    private final List<FailedReceipt> failures = new ArrayList<>();
    private String day = "2026-11-21";
    private String title = "A change of the shop";
    private String type = "normal";
    private String requester = "ann";
    private boolean requested = true;
    private UnaryOperator<String> rewriting = UnaryOperator.identity();

    ProposedChange(Shop shop, String name) {
        this.shop = shop;
        this.name = name;
    }

    /** Who wrote, committed and asked for it; {@code ann} if nobody is named. */
    public ProposedChange by(String person) {
        requester = person;
        return written(person, person);
    }

    /** Adds a commit of this author and this committer. */
    public ProposedChange written(String author, String committer) {
        authors.add(new Commit.Identity[] {Shop.identity(author, shop.now()), Shop.identity(committer, shop.now())});
        return this;
    }

    public ProposedChange uploadedBy(String person) {
        uploaders.add(person);
        return this;
    }

    public ProposedChange onDay(String other) {
        day = other;
        return this;
    }

    public ProposedChange titled(String other) {
        title = other;
        return this;
    }

    public ProposedChange ofType(String other) {
        type = other;
        return this;
    }

    /** Adds a line of YAML to the request's spec, for example {@code collaborators: [bob]}. */
    public ProposedChange requesting(String line) {
        lines.add(line);
        return this;
    }

    /** Alters the text of its request, as it was until then and will be. */
    public ProposedChange rewriting(UnaryOperator<String> other) {
        rewriting = other;
        return this;
    }

    /** Makes it the rollback of an earlier change, restoring these paths from the commit before it. */
    public ProposedChange takingBack(ChangeId earlier, String commitBefore, String... paths) {
        requesting("operation: rollback").requesting("of: " + earlier);
        Snapshot old = shop.repository().snapshot(commitBefore);
        for (String path : paths) {
            edits.put(
                    path,
                    old.find(path)
                            .<Edit>map(entry ->
                                    new Edit.Link(FileMode.find(entry.rawMode()).orElseThrow(), entry.id()))
                            .orElseGet(Edit.Delete::new));
        }
        return this;
    }

    public ProposedChange touching(String path, String text) {
        return editing(path, new Edit.Write(FileMode.REGULAR, text.getBytes(StandardCharsets.UTF_8)));
    }

    public ProposedChange removing(String path) {
        return editing(path, new Edit.Delete());
    }

    public ProposedChange editing(String path, Edit edit) {
        edits.put(path, edit);
        return this;
    }

    /** Leaves the ChangeRequest out of the branch. */
    public ProposedChange withoutRequest() {
        requested = false;
        return this;
    }

    public ProposedChange approvedBy(String person, String role) {
        return vote(VoteDraft.approval(person, role));
    }

    public ProposedChange rejectedBy(String person, String role) {
        return vote(VoteDraft.of(Decision.REJECT, person, role));
    }

    public ProposedChange withdrawnBy(String person) {
        return vote(VoteDraft.of(Decision.WITHDRAW, person, "approver"));
    }

    public ProposedChange submittedBy(String person) {
        return vote(VoteDraft.of(Decision.SUBMIT, person, "engineer"));
    }

    public ProposedChange overriddenBy(String person, String role, String rule) {
        return vote(VoteDraft.of(Decision.OVERRIDE, person, role).settingAside(rule));
    }

    public ProposedChange vote(VoteDraft draft) {
        drafts.add(draft);
        return this;
    }

    /** The key of this name was revoked by its owner before the merge. */
    public ProposedChange keyRevoked(String keyName) {
        revokedKeys.add(Keys.of(keyName).publicKey().fingerprint());
        return this;
    }

    /** The log holds a receipt of a failure before the merge. */
    public ProposedChange failed(FailedReceipt receipt) {
        failures.add(receipt);
        return this;
    }

    public ChangeId id() {
        return new ChangeId(day, name);
    }

    /** The manifest against present main. */
    public Manifest manifest() {
        return shop.effect().manifest(proposal());
    }

    /** The two trees and the contributors. */
    public Effect.Proposal proposal() {
        Trust trust = shop.trusts().read(shop.before());
        Set<String> contributors = new TreeSet<>(Contributors.of(commits(), trust));
        contributors.addAll(uploaders);
        return new Effect.Proposal(shop.before(), after(), id(), List.copyOf(contributors));
    }

    /** Signs the votes, evaluates the gate and makes the merge, as a server would that lets everything pass. */
    public MergeDraft merge() {
        List<Commit> commits = commits();
        Effect.Proposal proposal = proposal();
        Manifest manifest = shop.effect().manifest(proposal);
        Statement.Effect effect =
                Statement.Effect.of(manifest, shop.effect().request(proposal).title());
        List<Vote> votes = new ArrayList<>();
        for (VoteDraft draft : drafts) {
            shop.later(Duration.ofMinutes(1));
            votes.add(draft.sign(effect, shop.takeIndex(), shop.now()));
            shop.skipIndex();
        }
        shop.later(Duration.ofMinutes(1));
        Scene scene = new Scene(
                manifest,
                shop.effect().request(proposal),
                proposal.before(),
                proposal.after(),
                votes,
                revokedKeys,
                shop.now(),
                new Circumstances(failures, new Chain(shop.repository(), shop.main(), shop.nextSeq() - 1)));
        return new MergeDraft(shop, scene, gate(scene), commits);
    }

    private GateRecord gate(Scene scene) {
        return new GateRecord(
                scene.manifest().engine(),
                scene.manifest().digest(),
                id(),
                scene.time(),
                requirements(scene),
                shop.requirements().contributors(scene),
                List.of());
    }

    /** What an honest server would write; nothing if it would refuse. */
    private List<Requirement> requirements(Scene scene) {
        try {
            return shop.requirements().evaluate(scene);
        } catch (Refusal refused) {
            return List.of();
        }
    }

    private Snapshot after() {
        Map<String, Edit> all = new LinkedHashMap<>(edits);
        if (requested) {
            all.putIfAbsent(
                    id().document(),
                    new Edit.Write(FileMode.REGULAR, rewriting.apply(request()).getBytes(StandardCharsets.UTF_8)));
        }
        return shop.repository()
                .snapshotOfTree(shop.repository().edit(shop.before().treeId(), all));
    }

    private List<Commit> commits() {
        if (authors.isEmpty()) {
            by("ann");
        }
        List<Commit> newestFirst = new ArrayList<>();
        String parent = shop.main();
        for (Commit.Identity[] pair : authors) {
            parent = shop.repository()
                    .commit(new CommitDraft(after().treeId(), List.of(parent), pair[0], pair[1], title + "\n"));
            newestFirst.add(0, shop.repository().getCommit(parent));
        }
        return newestFirst;
    }

    private String request() {
        String spec = """
                title: %s
                type: %s
                requester: %s
                reason: Customers asked for it.
                contact: %s
                maintenanceType: perfective
                plan: {scope: the shop, steps: [Change it.], risk: Small.}
                test: {plan: Done in test first.}
                backout: {plan: Restore the former release.}
                securityImpact: None.
                """.formatted(title, type, requester, Keys.email(requester));
        return "apiVersion: countersign.dev/v1\nkind: ChangeRequest\nmetadata: {name: " + name + "}\nspec:\n"
                + (spec + String.join("\n", lines)).indent(2);
    }
}
