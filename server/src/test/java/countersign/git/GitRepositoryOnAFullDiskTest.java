package countersign.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import countersign.codec.disk.DiskFailure;
import countersign.codec.disk.SmallDisk;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk under a repository runs full in the middle of commits, and there is space again. */
final class GitRepositoryOnAFullDiskTest {
    private static final Commit.Identity ANN =
            new Commit.Identity("ann", "ann@shop.example", Instant.parse("2026-11-22T10:00:00Z"));

    @TempDir
    private Path folder;

    private final Random random = new Random(11);

    @Test
    void every_commit_that_main_was_moved_to_is_whole_and_git_agrees_once_there_is_space() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 24)) {
            Path place = disk.path().resolve("store.git");
            List<String> acknowledged = new ArrayList<>();
            try (GitRepository repository = GitRepository.create(place)) {
                disk.fill(12 << 20);
                Throwable failed = catchThrowable(() -> commitFor(repository, acknowledged));
                assertThat(DiskFailure.find(failed)).contains(DiskFailure.FULL);
                assertThat(acknowledged).hasSizeGreaterThan(3);
                assertThat(catchThrowable(repository::flush)).isNotNull();
                assertThat(repository.findProblem().orElseThrow()).contains("is full");

                disk.free();
                repository.flush();
                commit(repository, acknowledged, 10);
                repository.flush();

                assertThat(new Git(place)
                                .run("rev-list", "--first-parent", "--reverse", "main")
                                .lines())
                        .containsExactlyElementsOf(acknowledged);
                assertThat(new Git(place).run("fsck", "--strict", "--full")).isEmpty();
                assertThat(place.resolve("objects")).isDirectoryNotContaining("glob:**/tmp_*");
                assertThat(place.resolve("refs/heads")).isDirectoryNotContaining("glob:**.lock");
            }
            try (Repository again = GitRepository.open(place)) {
                assertThat(again.findRef(Repository.MAIN)).contains(acknowledged.get(acknowledged.size() - 1));
            }
        }
    }

    private void commitFor(Repository repository, List<String> acknowledged) {
        for (int i = 0; i < 1_000; i++) {
            commit(repository, acknowledged, 300_000);
        }
    }

    private void commit(Repository repository, List<String> acknowledged, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        @Nullable String main = acknowledged.isEmpty() ? null : acknowledged.get(acknowledged.size() - 1);
        String tree = repository.edit(
                main == null ? null : repository.getCommit(main).treeId(),
                Map.of("file-" + acknowledged.size(), new Edit.Write(FileMode.REGULAR, bytes)));
        List<String> parents = main == null ? List.of() : List.of(main);
        String message = "commit of " + size + "\n";
        String commit = repository.commit(new CommitDraft(tree, parents, ANN, ANN, message));
        repository.force();
        assertThat(repository.moveRefs(List.of(new Repository.RefMove(Repository.MAIN, main, commit))))
                .isTrue();
        acknowledged.add(commit);
    }
}
