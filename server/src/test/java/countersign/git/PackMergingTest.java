package countersign.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.git.object.GitObjects;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.object.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackMergingTest {
    private static final int PACKS = 120;
    private static final int OBJECTS = 10;

    @TempDir
    private Path folder;

    private FileRepository jgit;
    private PackFiles packs;
    private PackMerging merging;
    private int blobs;

    @BeforeEach
    void create() throws IOException {
        HermeticSystem.install();
        jgit = new FileRepository(folder.toFile());
        jgit.create(true);
        packs = new PackFiles(jgit);
        merging = new PackMerging(jgit, packs, Long.MAX_VALUE);
    }

    @AfterEach
    void close() {
        jgit.close();
    }

    @Test
    void while_others_write_packs_stay_few_and_each_object_is_copied_a_few_times() throws Exception {
        Counting copied = new Counting();
        int most = 0;

        for (int i = 0; i < PACKS; i++) {
            addPack();
            merging.merge(false, copied);
            most = Math.max(most, names(".pack").size());
        }

        assertThat(most).isLessThan(14);
        // told of twice: when its type is read and when it is written
        assertThat(copied.updates / 2).isLessThan(4 * PACKS * OBJECTS);
        assertThat(new Git(folder).run("count-objects", "-v")).contains("in-pack: " + PACKS * OBJECTS);
        assertThat(new Git(folder).run("fsck", "--full").lines())
                .hasSize(PACKS * OBJECTS)
                .allMatch(line -> line.startsWith("dangling blob"));
    }

    @Test
    void the_pack_with_bitmaps_is_left_alone_until_half_as_much_has_come_and_nobody_writes() throws Exception {
        Git git = new Git(folder);
        commitOf(64);
        merging.merge(true, NullProgressMonitor.INSTANCE);
        List<String> great = names(".bitmap");
        for (int i = 0; i < 3; i++) {
            addPack();
            merging.merge(true, NullProgressMonitor.INSTANCE);
        }
        List<String> withLittle = names(".bitmap");
        for (int i = 0; i < 3; i++) {
            addPack();
            merging.merge(false, NullProgressMonitor.INSTANCE);
        }
        List<String> whileOthersWrite = names(".pack");

        merging.merge(true, NullProgressMonitor.INSTANCE);

        assertThat(great).hasSize(1);
        assertThat(withLittle).isEqualTo(great);
        assertThat(whileOthersWrite).hasSize(7);
        assertThat(names(".pack")).hasSize(2);
        assertThat(names(".bitmap")).hasSize(1);
        assertThat(git.run("fsck", "--full").lines()).hasSize(6 * OBJECTS);
    }

    @Test
    void no_more_objects_become_one_pack_than_memory_has_room_for() throws Exception {
        int most = 5 * OBJECTS;
        PackMerging bounded = new PackMerging(jgit, packs, most);

        for (int i = 0; i < PACKS; i++) {
            addPack();
            bounded.merge(i % 2 == 0, NullProgressMonitor.INSTANCE);
        }

        assertThat(names(".bitmap")).isEmpty();
        for (Pack pack : jgit.getObjectDatabase().getPacks()) {
            assertThat(pack.getIndex().getObjectCount()).isLessThanOrEqualTo(most);
        }
        assertThat(names(".pack")).hasSizeLessThan(2 * PACKS * OBJECTS / most + 14);
        assertThat(new Git(folder).run("count-objects", "-v")).contains("in-pack: " + PACKS * OBJECTS);
    }

    @Test
    void a_heap_of_half_a_gibibyte_has_room_for_some_hundred_thousand_objects() {
        assertThat(PackMerging.mostObjects(512L << 20)).isBetween(400_000L, 500_000L);
    }

    /** A commit that main points to, packed. */
    private void commitOf(int files) throws IOException {
        try (GitRepository repository = GitRepository.open(folder)) {
            Map<String, Edit> edits = new HashMap<>();
            for (int i = 0; i < files; i++) {
                edits.put("f" + i, new Edit.Write(FileMode.REGULAR, ("file " + i).getBytes(UTF_8)));
            }
            Commit.Identity ann = new Commit.Identity("Ann", "ann@example.org", Instant.EPOCH.plusSeconds(1));
            String tree = repository.edit(null, edits);
            String tip = repository.commit(new CommitDraft(tree, List.of(), ann, ann, "Begin\n"));
            repository.moveRefs(List.of(new Repository.RefMove(Repository.MAIN, null, tip)));
        }
    }

    /** A pack of objects that no ref reaches. */
    private void addPack() throws IOException {
        GitObjects objects = new GitObjects(jgit, null, GitObjects.Reading.TRUSTING);
        Map<ObjectId, Integer> typed = new LinkedHashMap<>();
        for (int i = 0; i < OBJECTS; i++) {
            String id = objects.put(ObjectStore.Type.BLOB, ("blob " + blobs++).getBytes(UTF_8));
            typed.put(ObjectId.fromString(id), GitObjects.code(ObjectStore.Type.BLOB));
        }
        try (ObjectReader reader = jgit.newObjectReader()) {
            packs.write(reader, typed);
        }
        for (ObjectId id : typed.keySet()) {
            Files.delete(jgit.getObjectDatabase().fileFor(id).toPath());
        }
    }

    private List<String> names(String extension) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("objects/pack"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(extension))
                    .sorted()
                    .toList();
        }
    }

    /** Counts what it is told of. */
    private static final class Counting extends EmptyProgressMonitor {
        private long updates;

        @Override
        public void update(int completed) {
            updates += completed;
        }
    }
}
