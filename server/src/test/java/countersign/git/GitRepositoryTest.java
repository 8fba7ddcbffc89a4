package countersign.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.git.object.Journal;
import countersign.repository.Commit;
import countersign.repository.Edit;
import countersign.repository.Repository;
import countersign.repository.RepositoryContract;
import countersign.repository.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitRepositoryTest extends RepositoryContract {
    private static final String MAIN = Repository.MAIN;

    @TempDir
    private Path folder;

    @Override
    protected Repository open() {
        return GitRepository.create(folder.resolve("store.git"));
    }

    @Test
    void git_reads_what_is_written_and_finds_nothing_wrong() throws Exception {
        String tip = chain(3);
        String tree = repository.edit(
                repository.getCommit(tip).treeId(),
                Map.of("a/b", executable("x"), "a.c", write("y"), "a0", write("z")));
        String signed = repository.commit(draft(tree, "signed\n", tip), payload -> "-----BEGIN\nx\n".getBytes(UTF_8));
        move(MAIN, null, signed);

        assertThat(git().run("fsck", "--strict", "--full")).isEmpty();
        assertThat(git().run("symbolic-ref", "HEAD")).isEqualTo(MAIN);
        assertThat(git().run("rev-list", "--count", "main")).isEqualTo("4");
        assertThat(git().run("ls-tree", "main").lines())
                .containsExactlyElementsOf(repository.snapshotOfTree(tree).list("").stream()
                        .map(GitRepositoryTest::asGitPrints)
                        .toList());
        assertThat(git().run("cat-file", "-p", "main")).contains("gpgsig -----BEGIN\n x\n");
    }

    @Test
    void a_commit_of_git_reads_as_git_shows_it() throws Exception {
        Git work = new Git(Files.createDirectory(folder.resolve("work")));
        work.run("init", "-q", "-b", "main");
        Files.writeString(folder.resolve("work/file"), "from git\n");
        work.run("add", "file");
        work.run("commit", "-q", "-m", "by git");
        work.run("push", "-q", storePath().toString(), "main");
        String id = work.run("rev-parse", "HEAD");

        Commit commit = repository.getCommit(repository.readRef(MAIN).orElseThrow());

        assertThat(commit.id()).isEqualTo(id);
        assertThat(commit.message()).isEqualTo("by git\n");
        assertThat(commit.signedPayload()).isEqualTo((work.run("cat-file", "commit", id) + "\n").getBytes(UTF_8));
        assertThat(repository.snapshot(id).read("file", 100)).isEqualTo("from git\n".getBytes(UTF_8));
    }

    @Test
    void a_ref_moved_by_hand_is_seen_when_it_is_read() throws Exception {
        String tip = chain(2);
        String first = repository.getCommit(tip).parents().get(0);
        move(MAIN, null, tip);

        git().run("update-ref", MAIN, first);

        assertThat(repository.findRef(MAIN)).contains(tip);
        assertThat(repository.readRef(MAIN)).contains(first);
        assertThat(repository.findRef(MAIN)).contains(first);
        assertThat(move(MAIN, tip, first)).isFalse();
    }

    @Test
    void a_ref_moved_by_hand_stays_there_whatever_was_moved_without_knowing_it() throws Exception {
        String tip = chain(2);
        String first = repository.getCommit(tip).parents().get(0);
        move(MAIN, null, tip);
        git().run("update-ref", MAIN, first);

        move(MAIN, tip, repository.commit(draft(repository.getCommit(tip).treeId(), "unaware\n", tip)));
        ((GitRepository) repository).flush();

        assertThat(repository.findRef(MAIN)).contains(first);
        assertThat(git().run("rev-parse", MAIN)).isEqualTo(first);
    }

    @Test
    void what_only_the_journal_has_when_the_process_is_killed_comes_back() throws Exception {
        String tip = chain(3);
        move(MAIN, null, tip);
        Path killed = folder.resolve("killed.git");
        copyFolder(storePath(), killed);
        Files.deleteIfExists(killed.resolve(MAIN));

        try (Repository again = GitRepository.open(killed)) {
            assertThat(again.findRef(MAIN)).contains(tip);
            assertThat(new Git(killed).run("fsck", "--strict", "--full")).isEmpty();
            assertThat(new Git(killed).run("rev-list", "--count", "main")).isEqualTo("3");
        }
    }

    @Test
    void locks_that_a_killed_process_left_hold_up_nothing() throws Exception {
        String tip = chain(2);
        move(MAIN, null, tip);
        repository.close();
        Files.createFile(storePath().resolve("packed-refs.lock"));
        Files.createFile(storePath().resolve("HEAD.lock"));
        Files.createFile(storePath().resolve(MAIN + ".lock"));

        repository = GitRepository.open(storePath());
        boolean moved = repository.moveRefs(List.of(new Repository.RefMove(MAIN, tip, null)));
        ((GitRepository) repository).flush();

        assertThat(moved).isTrue();
        assertThat(git().attempt("rev-parse", "--verify", MAIN).exit()).isNotZero();
    }

    @Test
    void what_was_written_is_there_after_opening_again() throws Exception {
        String tip = chain(2);
        move(MAIN, null, tip);
        move("refs/countersign/open/a", null, tip);
        repository.close();

        repository = GitRepository.open(storePath());

        assertThat(repository.listRefs("refs/").keySet()).containsExactly("refs/countersign/open/a", MAIN);
        assertThat(repository.snapshot(tip).read("file", 100)).isEqualTo("version 1".getBytes(UTF_8));
    }

    @Test
    void objects_and_refs_that_a_power_cut_has_damaged_come_back_from_the_journal() throws Exception {
        String tip = chain(3);
        move(MAIN, null, tip);
        move("refs/heads/change/a", null, tip);
        repository.force();
        pretendAnotherBoot();
        List<Path> loose = looseObjects();
        Files.delete(loose.get(0));
        for (Path cut : loose.subList(1, 4)) {
            cut.toFile().setWritable(true);
            Files.write(cut, new byte[0]);
        }
        Files.write(storePath().resolve("refs/heads/change/a"), new byte[0]);
        Files.delete(storePath().resolve(MAIN));

        Repository again = GitRepository.open(storePath());

        assertThat(again.findRef(MAIN)).contains(tip);
        assertThat(again.findRef("refs/heads/change/a")).contains(tip);
        assertThat(git().run("fsck", "--strict", "--full")).isEmpty();
        again.close();
    }

    @Test
    void a_ref_moved_by_hand_to_a_commit_the_journal_does_not_know_stays_where_it_is() throws Exception {
        String tip = chain(3);
        String first = repository.getCommit(tip).parents().get(0);
        move(MAIN, null, tip);
        repository.force();
        pretendAnotherBoot();

        git().run("update-ref", MAIN, first);

        try (Repository again = GitRepository.open(storePath())) {
            assertThat(again.findRef(MAIN)).contains(first);
        }
    }

    @Test
    void a_ref_moved_back_by_hand_after_a_killed_process_stays_where_it_is() throws Exception {
        String tip = chain(2);
        String first = repository.getCommit(tip).parents().get(0);
        move(MAIN, null, first);
        move(MAIN, first, tip);

        git().run("update-ref", MAIN, first);

        try (Repository again = GitRepository.open(storePath())) {
            assertThat(again.findRef(MAIN)).contains(first);
        }
    }

    @Test
    void a_journal_that_is_cut_short_counts_up_to_the_cut() throws Exception {
        String tip = chain(2);
        move(MAIN, null, tip);
        repository.force();
        pretendAnotherBoot();
        Path journal = journalFiles().get(0);
        byte[] bytes = Files.readAllBytes(journal);
        Files.write(journal, java.util.Arrays.copyOf(bytes, bytes.length - 3));
        Path newest = looseFile(tip);
        Files.delete(newest);

        try (Repository again = GitRepository.open(storePath())) {
            assertThat(again.getCommit(tip).id()).isEqualTo(tip);
        }
    }

    @Test
    void packing_keeps_every_object_reached_or_not_and_empties_the_journal() throws Exception {
        String tip = chain(20);
        move(MAIN, null, tip);
        String unreached = repository.commit(draft(repository.getCommit(tip).treeId(), "in flight\n", tip));

        ((GitRepository) repository).pack();

        assertThat(looseObjects()).isEmpty();
        assertThat(git().run("fsck", "--strict", "--full")).contains("dangling commit " + unreached);
        assertThat(journalFiles()).hasSize(1);
        assertThat(((GitRepository) repository).journalSize()).isLessThan(2);
        assertThat(repository.snapshot(unreached).read("file", 100)).isEqualTo("version 19".getBytes(UTF_8));
        assertThat(repository.commitsBetween(tip, unreached, 5)).hasSize(1);
    }

    @Test
    void many_packs_become_few_with_bitmaps_and_lose_nothing() throws Exception {
        GitRepository store = (GitRepository) repository;
        String tip = null;
        for (int i = 0; i < 12; i++) {
            String tree = repository.edit(null, Map.of("f" + i, write("v" + i)));
            String next =
                    tip == null ? repository.commit(draft(tree, "c\n")) : repository.commit(draft(tree, "c\n", tip));
            move(MAIN, tip, next);
            repository.commit(draft(tree, "unreached " + i + "\n", next));
            tip = next;
            store.pack();
        }

        assertThat(packFiles(".pack")).hasSizeLessThan(9);
        assertThat(packFiles(".bitmap")).hasSize(1);
        assertThat(git().run("fsck", "--strict", "--full").lines())
                .hasSize(12)
                .allMatch(line -> line.startsWith("dangling"));
        assertThat(git().run("rev-list", "--count", "--use-bitmap-index", "main"))
                .isEqualTo("12");
    }

    @Test
    void packing_while_others_write_and_read_harms_nobody() throws Exception {
        GitRepository store = (GitRepository) repository;
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<String>> writers = IntStream.range(0, 2)
                    .mapToObj(writer -> threads.submit(() -> writeLine("refs/heads/change/w" + writer, 100)))
                    .toList();
            Future<?> packer = threads.submit(() -> IntStream.range(0, 12).forEach(round -> store.pack()));
            packer.get();
            for (Future<String> writer : writers) {
                assertThat(git().run("rev-list", "--count", writer.get())).isEqualTo("100");
            }
        } finally {
            threads.shutdown();
        }

        assertThat(git().run("fsck", "--strict", "--full")).isEmpty();
    }

    @Test
    void a_second_repository_in_the_same_place_is_refused_and_so_is_none() {
        assertThat(refusal(() -> GitRepository.create(storePath()))).isEqualTo("repository-exists");
        assertThat(refusal(() -> GitRepository.open(folder.resolve("nowhere")))).isEqualTo("no-repository");
        assertThat(refusal(() -> GitRepository.openForReading(folder.resolve("nowhere"))))
                .isEqualTo("no-repository");
    }

    @Test
    void a_clone_opens_for_reading_and_finds_branches_that_were_only_fetched() throws Exception {
        String tip = chain(2);
        move(MAIN, null, tip);
        move(
                "refs/heads/countersign/log",
                null,
                repository.getCommit(tip).parents().get(0));
        ((GitRepository) repository).flush();
        new Git(folder).run("clone", "-q", storePath().toString(), "clone");

        try (Repository clone = GitRepository.openForReading(folder.resolve("clone"))) {
            assertThat(clone.findRef(MAIN)).contains(tip);
            assertThat(clone.findRef("refs/heads/countersign/log"))
                    .isEqualTo(repository.findRef("refs/heads/countersign/log"));
            assertThat(clone.snapshot(tip).contentRoot())
                    .isEqualTo(repository.snapshot(tip).contentRoot());
        }
    }

    @Test
    void an_object_whose_bytes_were_exchanged_is_named_when_a_clone_is_read() throws Exception {
        String tip = chain(2);
        move(MAIN, null, tip);
        String blob = repository.snapshot(tip).find("file").orElseThrow().id();
        String other = repository
                .snapshotOfTree(repository.edit(null, Map.of("x", write("version 7"))))
                .find("x")
                .orElseThrow()
                .id();
        ((GitRepository) repository).flush();
        looseFile(blob).toFile().setWritable(true);
        Files.copy(looseFile(other), looseFile(blob), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        try (Repository clone = GitRepository.openForReading(storePath())) {
            assertThat(refusal(() -> clone.snapshot(tip).read("file", 100))).isEqualTo("corrupt-object");
            assertThat(refusal(() -> clone.snapshot(tip).contentRoot())).isEqualTo("corrupt-object");
        }
    }

    private String writeLine(String ref, int commits) {
        String tip = null;
        for (int i = 0; i < commits; i++) {
            Map<String, Edit> edits = new TreeMap<>(Map.of(ref + "/" + i % 7, write(ref + i)));
            String tree = repository.edit(
                    tip == null ? null : repository.getCommit(tip).treeId(), edits);
            String next =
                    tip == null ? repository.commit(draft(tree, "c\n")) : repository.commit(draft(tree, "c\n", tip));
            assertThat(move(ref, tip, next)).isTrue();
            repository.force();
            tip = next;
        }
        return ref;
    }

    /** The journal's files then look as if the machine had been started since. */
    private void pretendAnotherBoot() throws IOException {
        ((GitRepository) repository).flush();
        for (Path file : journalFiles()) {
            byte[] bytes = Files.readAllBytes(file);
            bytes["countersign journal 1 ".length()] ^= 1;
            Files.write(file, bytes);
        }
    }

    private List<Path> journalFiles() throws IOException {
        return Journal.files(storePath().resolve("countersign/journal"));
    }

    private List<Path> packFiles(String extension) throws IOException {
        try (Stream<Path> files = Files.list(storePath().resolve("objects/pack"))) {
            return files.filter(file -> file.toString().endsWith(extension)).toList();
        }
    }

    private List<Path> looseObjects() throws IOException {
        try (Stream<Path> files = Files.walk(storePath().resolve("objects"))) {
            return files.filter(file -> file.getFileName().toString().length() == 38 && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private Path looseFile(String id) {
        return storePath().resolve("objects/" + id.substring(0, 2) + "/" + id.substring(2));
    }

    private Path storePath() {
        return folder.resolve("store.git");
    }

    private Git git() {
        ((GitRepository) repository).flush();
        return new Git(storePath());
    }

    private static String asGitPrints(TreeEntry entry) {
        return entry.rawMode() + " " + (entry.isFolder() ? "tree" : "blob") + " " + entry.id() + "\t" + entry.name();
    }
}
