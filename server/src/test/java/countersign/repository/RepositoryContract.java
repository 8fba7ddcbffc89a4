package countersign.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.repository.object.InMemoryRepository;
import countersign.repository.object.Trees;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every repository does, whatever it stands on. */
public abstract class RepositoryContract extends TreeContract {
    protected static final Commit.Identity ANN =
            new Commit.Identity("Ann Example", "ann@example.org", Instant.parse("2026-03-01T10:00:00Z"));

    @Test
    void a_commit_reads_back_as_it_was_written() {
        String tree = repository.edit(null, Map.of("a", write("1")));
        String first = repository.commit(draft(tree, "first\n"));

        String second = repository.commit(draft(tree, "second\n\nbody ü\n", first));

        Commit commit = repository.getCommit(second);
        assertThat(commit.treeId()).isEqualTo(tree);
        assertThat(commit.parents()).containsExactly(first);
        assertThat(commit.author()).isEqualTo(ANN);
        assertThat(commit.message()).isEqualTo("second\n\nbody ü\n");
        assertThat(commit.signature()).isNull();
        assertThat(repository.snapshot(second).treeId()).isEqualTo(tree);
    }

    @Test
    void a_signature_covers_the_bytes_without_its_header() {
        CommitDraft draft = draft(repository.edit(null, Map.of("a", write("1"))), "signed\n");
        byte[][] payload = new byte[1][];

        String id = repository.commit(draft, bytes -> {
            payload[0] = bytes;
            return "-----BEGIN SSH SIGNATURE-----\nQUJD\n-----END SSH SIGNATURE-----\n".getBytes(UTF_8);
        });

        Commit commit = repository.getCommit(id);
        assertThat(commit.signedPayload()).isEqualTo(payload[0]);
        assertThat(commit.signature()).isEqualTo("-----BEGIN SSH SIGNATURE-----\nQUJD\n-----END SSH SIGNATURE-----\n");
        assertThat(repository.getCommit(repository.commit(draft)).signedPayload())
                .isEqualTo(payload[0]);
    }

    @Test
    void what_is_not_there_is_refused() {
        String nowhere = "1".repeat(40);

        assertThat(refusal(() -> repository.getCommit(nowhere))).isEqualTo("no-such-commit");
        assertThat(refusal(() -> repository.snapshot(nowhere))).isEqualTo("no-such-commit");
        assertThat(refusal(() -> repository.snapshotOfTree(nowhere))).isEqualTo("no-such-tree");
        assertThat(refusal(() -> repository.commit(draft(nowhere, "x\n")))).isEqualTo("no-such-tree");
    }

    @Test
    void refs_move_only_from_the_value_that_was_expected() {
        String one = chain(1);
        String two = repository.commit(draft(repository.getCommit(one).treeId(), "two\n", one));

        assertThat(move("refs/heads/main", null, one)).isTrue();
        assertThat(move("refs/heads/main", null, two)).isFalse();
        assertThat(move("refs/heads/main", two, one)).isFalse();
        assertThat(move("refs/heads/main", one, two)).isTrue();
        assertThat(repository.findRef("refs/heads/main")).contains(two);
        assertThat(repository.readRef("refs/heads/main")).contains(two);
        assertThat(move("refs/heads/main", one, null)).isFalse();
        assertThat(move("refs/heads/main", two, null)).isTrue();
        assertThat(repository.findRef("refs/heads/main")).isEmpty();
    }

    @Test
    void either_all_refs_move_or_none() {
        String one = chain(1);
        move("refs/heads/main", null, one);

        boolean moved = repository.moveRefs(List.of(
                new Repository.RefMove("refs/heads/change/a", null, one),
                new Repository.RefMove("refs/heads/main", null, one)));

        assertThat(moved).isFalse();
        assertThat(repository.listRefs("refs/")).isEqualTo(Map.of("refs/heads/main", one));
    }

    @Test
    void refs_are_listed_by_prefix_and_sorted() {
        String one = chain(1);
        move("refs/heads/change/b", null, one);
        move("refs/heads/change/a", null, one);
        move("refs/countersign/open/a", null, one);

        assertThat(repository.listRefs("refs/heads/").keySet())
                .containsExactly("refs/heads/change/a", "refs/heads/change/b");
        assertThat(repository.listRefs("refs/tags/")).isEmpty();
    }

    @Test
    void the_merge_base_is_where_two_lines_parted() {
        String base = chain(3);
        String tree = repository.getCommit(base).treeId();
        String left = repository.commit(draft(tree, "left\n", base));
        String right = repository.commit(draft(tree, "right\n", base));
        String stranger = repository.commit(draft(tree, "stranger\n"));

        assertThat(repository.mergeBase(left, right)).contains(base);
        assertThat(repository.mergeBase(base, right)).contains(base);
        assertThat(repository.mergeBase(left, left)).contains(left);
        assertThat(repository.mergeBase(left, stranger)).isEmpty();
    }

    @Test
    void commits_between_come_children_first_and_are_bounded() {
        String base = chain(2);
        String tree = repository.getCommit(base).treeId();
        String left = repository.commit(draft(tree, "left\n", base));
        String right = repository.commit(draft(tree, "right\n", base));
        String merge = repository.commit(draft(tree, "merge\n", left, right));

        List<Commit> commits = repository.commitsBetween(base, merge, 3);

        assertThat(commits).extracting(Commit::id).containsExactlyInAnyOrder(merge, left, right);
        assertThat(commits.get(0).id()).isEqualTo(merge);
        assertThat(repository.commitsBetween(merge, base, 3)).isEmpty();
        assertThat(refusal(() -> repository.commitsBetween(base, merge, 2))).isEqualTo("too-many-commits");
    }

    @Test
    void random_edits_give_the_ids_of_the_in_memory_repository() {
        Repository peer = new InMemoryRepository();
        java.util.Random random = new java.util.Random(42);
        String mine = null;
        String theirs = null;
        for (int round = 0; round < 40; round++) {
            Map<String, Edit> edits = new TreeMap<>();
            for (int i = 0; i < 10; i++) {
                String path = "d" + random.nextInt(4) + "/e" + random.nextInt(3) + "/f" + random.nextInt(5);
                edits.put(path, random.nextInt(3) == 0 ? new Edit.Delete() : write("v" + random.nextInt(9)));
            }
            mine = repository.edit(mine, edits);
            theirs = peer.edit(theirs, edits);
        }

        assertThat(mine).isEqualTo(theirs);
        assertThat(repository.snapshotOfTree(orEmpty(mine)).contentRoot())
                .isEqualTo(peer.snapshotOfTree(orEmpty(theirs)).contentRoot());
        assertThat(repository.commit(draft(orEmpty(mine), "m\n")))
                .isEqualTo(peer.commit(draft(orEmpty(theirs), "m\n")));
    }

    protected final String chain(int length) {
        String tip = null;
        for (int i = 0; i < length; i++) {
            String tree = repository.edit(null, Map.of("file", write("version " + i)));
            tip = tip == null
                    ? repository.commit(draft(tree, "commit " + i + "\n"))
                    : repository.commit(draft(tree, "commit " + i + "\n", tip));
        }
        return tip == null ? "" : tip;
    }

    protected final boolean move(String ref, @Nullable String expected, @Nullable String next) {
        return repository.moveRefs(List.of(new Repository.RefMove(ref, expected, next)));
    }

    protected static CommitDraft draft(String tree, String message, String... parents) {
        return new CommitDraft(tree, List.of(parents), ANN, ANN, message);
    }

    private static String orEmpty(@Nullable String tree) {
        return tree == null ? Trees.EMPTY : tree;
    }
}
