package countersign.gate;

import countersign.access.TrustReader;
import countersign.document.reader.Documents;
import countersign.manifest.Effect;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.object.InMemoryRepository;
import countersign.signing.VerifiedSignatures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small shop whose configuration is kept as Countersign keeps it: real documents, keys and signatures in a repository
 * in memory. Say what differs from {@link ShopFiles}, then make changes:
 *
 * <pre>
 * Shop shop = shop().with("systems/…", "…");
 * shop.change("raise-port").by("ann").touching("systems/…", "…").approvedBy("carol", "approver").merge().verify();
 * </pre>
 */
public final class Shop {
    /** When the genesis commit was made; each statement is one minute later than the one before. */
    public static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    /** What the same bytes at the same path say is the same in every shop. */
    private static final DocumentReader DOCUMENTS = new DocumentReader(new Documents(), 5_000);

    private final Map<String, String> files = ShopFiles.all();
    private final InMemoryRepository repository = new InMemoryRepository();
    private final DocumentReader documents = DOCUMENTS;
    private final TrustReader trusts = new TrustReader(documents);
    private final VoteRules voteRules = new VoteRules(new VerifiedSignatures(1_000));
    private String main = "";
    private long logSize = 1;
    private long seq;
    private Instant now = START;

    private Shop() {}

    public static Shop shop() {
        return new Shop();
    }

    /** Puts a document or file into the genesis tree. */
    public Shop with(String path, String text) {
        requireUnopened();
        files.put(path, text);
        return this;
    }

    /** Takes a file out of the genesis tree. */
    public Shop without(String path) {
        requireUnopened();
        files.remove(path);
        return this;
    }

    /** Grants a role everywhere for the whole of 2026, in the genesis tree. */
    public Shop granting(String person, String role) {
        String name = person + "-" + role;
        return with("access/grants/" + name + ".yaml", ShopFiles.grant(name, person, role, "{}"));
    }

    /** A new change against present main. */
    public ProposedChange change(String name) {
        open();
        return new ProposedChange(this, name);
    }

    /** The text of a file at present main, or in the genesis tree to be. */
    public String text(String path) {
        return main.isEmpty() ? files.get(path) : new String(before().read(path, 1 << 24), StandardCharsets.UTF_8);
    }

    public Repository repository() {
        open();
        return repository;
    }

    public DocumentReader documents() {
        return documents;
    }

    public TrustReader trusts() {
        return trusts;
    }

    public VoteRules voteRules() {
        return voteRules;
    }

    public Effect effect() {
        return new Effect(documents);
    }

    public Requirements requirements() {
        return new Requirements(documents, trusts, voteRules);
    }

    public Verifier verifier() {
        return new Verifier(documents, trusts, voteRules);
    }

    /** The commit that main points to. */
    public String main() {
        open();
        return main;
    }

    /** The tree of main. */
    public Snapshot before() {
        return repository.snapshot(main());
    }

    /** The protocol's clock: the time of the newest log entry. */
    public Instant now() {
        return now;
    }

    /** Lets time pass. */
    public Shop later(Duration duration) {
        now = now.plus(duration);
        return this;
    }

    /** The index of the next log entry, which it takes. */
    long takeIndex() {
        return logSize++;
    }

    /** Leaves room for an entry that has nothing to do with the change at hand. */
    void skipIndex() {
        logSize++;
    }

    long nextSeq() {
        return seq + 1;
    }

    /** Moves main to a merge that was verified. */
    void land(String commit) {
        main = commit;
        seq++;
    }

    /** Edits of the repository that put texts at paths; null deletes. */
    static Map<String, Edit> edits(Map<String, String> texts) {
        Map<String, Edit> edits = new LinkedHashMap<>();
        texts.forEach((path, text) -> edits.put(
                path,
                text == null
                        ? new Edit.Delete()
                        : new Edit.Write(FileMode.REGULAR, text.getBytes(StandardCharsets.UTF_8))));
        return edits;
    }

    static Commit.Identity identity(String name, Instant when) {
        return new Commit.Identity(name, Keys.email(name), when);
    }

    private void open() {
        if (main.isEmpty()) {
            String tree = repository.edit(null, edits(files));
            Commit.Identity founder = identity("grace", START);
            main = repository.commit(new CommitDraft(tree, List.of(), founder, founder, "Open the shop\n"));
        }
    }

    private void requireUnopened() {
        if (!main.isEmpty()) {
            throw new IllegalStateException("the genesis commit is already made");
        }
    }
}
