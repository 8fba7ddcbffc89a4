package countersign.change.record;

import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Sha256;
import countersign.manifest.ChangeId;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What of a change Git itself does not know, number and uploaders, kept in Git all the same: one ref per open change
 * whose commits have the revisions as further parents, and on closing an archive of 256 refs (PROTOCOL §10). None of
 * them is shown to clients. Thread-safe as far as the repository is.
 */
public final class OpenRecords {
    static final String OPEN = "refs/countersign/open/";
    static final String ARCHIVE = "refs/countersign/archive/";
    private static final String FILE = "change.json";
    private static final int MAX_BYTES = 1 << 20;
    private static final int KNOWN_IN_A_ROW = 2;
    private static final Commit.Identity SERVER_AT_ZERO =
            new Commit.Identity("Countersign", "server@countersign.invalid", Instant.EPOCH);

    private final Repository repository;

    public OpenRecords(Repository repository) {
        this.repository = repository;
    }

    /**
     * What a ref records.
     *
     * @param number number of the change
     * @param id the change
     * @param revisions its pushes, oldest first
     * @param withdrawn whether its branch was deleted
     */
    public record Entry(long number, ChangeId id, List<Change.Revision> revisions, boolean withdrawn) {
        public Entry {
            revisions = List.copyOf(revisions);
        }

        public static Entry of(Change change) {
            return new Entry(change.number(), change.id(), change.revisions(), change.state() == ChangeState.WITHDRAWN);
        }
    }

    /** Writes the entry, unreferenced, and says how its ref is to move to it. */
    public Repository.RefMove write(Repository into, Entry entry) {
        String ref = OPEN + entry.id().name();
        Optional<String> previous = repository.findRef(ref);
        List<String> parents = new ArrayList<>(previous.stream().toList());
        Change.Revision newest = entry.revisions().get(entry.revisions().size() - 1);
        if (!entry.withdrawn()) {
            parents.add(newest.commit());
        }
        String commit = into.commit(draft(into, entry, parents, newest.at()));
        return new Repository.RefMove(ref, previous.orElse(null), commit);
    }

    /** All open changes. */
    public List<Entry> open() {
        return repository.listRefs(OPEN).values().stream().map(this::read).toList();
    }

    /**
     * Of each archive the changes that were closed last and are not known, up to where several known ones follow each other: two
     * that were closed at once may have become known in the other order.
     */
    public List<Entry> archivedUntil(Predicate<Entry> known) {
        List<Entry> entries = new ArrayList<>();
        for (String tip : repository.listRefs(ARCHIVE).values()) {
            Optional<String> next = Optional.of(tip);
            int inARow = 0;
            while (next.isPresent() && inARow < KNOWN_IN_A_ROW) {
                List<String> parents = repository.getCommit(next.get()).parents();
                Entry entry = read(parents.get(parents.size() - 1));
                inARow = known.test(entry) ? inARow + 1 : 0;
                if (inARow == 0) {
                    entries.add(entry);
                }
                next = parents.size() == 2 ? Optional.of(parents.get(0)) : Optional.empty();
            }
        }
        return entries;
    }

    /** The moves that take a change's record from the open ones to the archive; none if it is not open. */
    public List<Repository.RefMove> close(ChangeId change) {
        String openRef = OPEN + change.name();
        Optional<String> record = repository.findRef(openRef);
        if (record.isEmpty()) {
            return List.of();
        }
        String shard = Sha256.of(change.toString().getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, 2);
        Optional<String> archive = repository.findRef(ARCHIVE + shard);
        List<String> parents = new ArrayList<>(archive.stream().toList());
        parents.add(record.get());
        Commit closed = repository.getCommit(record.get());
        String commit = repository.commit(new CommitDraft(
                closed.treeId(), parents, closed.author(), closed.committer(), "Close change " + change + "\n"));
        return List.of(
                new Repository.RefMove(openRef, record.get(), null),
                new Repository.RefMove(ARCHIVE + shard, archive.orElse(null), commit));
    }

    private static CommitDraft draft(Repository into, Entry entry, List<String> parents, Instant at) {
        String tree = into.edit(null, Map.of(FILE, new Edit.Write(FileMode.REGULAR, bytes(entry))));
        Commit.Identity server = new Commit.Identity(SERVER_AT_ZERO.name(), SERVER_AT_ZERO.email(), at);
        return new CommitDraft(tree, parents, server, server, "Record change " + entry.id() + "\n");
    }

    private static byte[] bytes(Entry entry) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("number", entry.number());
        members.put("change", entry.id().toString());
        members.put("withdrawn", entry.withdrawn());
        members.put(
                "revisions",
                entry.revisions().stream()
                        .map(revision -> Map.of(
                                "commit", revision.commit(),
                                "uploader", revision.uploader(),
                                "at", revision.at().toString()))
                        .toList());
        return CanonicalJson.write(members);
    }

    private Entry read(String commit) {
        byte[] bytes = repository.snapshot(commit).read(FILE, MAX_BYTES);
        Fields fields = Fields.of("change record", CanonicalJson.readObject("change record", bytes, MAX_BYTES));
        return new Entry(
                fields.integer("number"),
                ChangeId.parse(fields.text("change")),
                fields.objectList("revisions").stream()
                        .map(revision -> new Change.Revision(
                                revision.text("commit"), revision.text("uploader"), revision.instant("at")))
                        .toList(),
                fields.flag("withdrawn"));
    }
}
