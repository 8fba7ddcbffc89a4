package countersign.log.copy;

import static countersign.log.LogFixture.CLOCK;
import static countersign.log.LogFixture.COSIGNER;
import static countersign.log.LogFixture.LOG_KEY;
import static countersign.log.LogFixture.ORIGIN;
import static countersign.log.LogFixture.SIGNERS;
import static countersign.log.LogFixture.TRUST;
import static countersign.log.LogFixture.entries;
import static countersign.log.LogFixture.entry;
import static countersign.log.LogFixture.mirrorOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.Checkpoint;
import countersign.log.LogFixture;
import countersign.log.LogSigners;
import countersign.log.LogTrust;
import countersign.log.RecordLog;
import countersign.log.tile.EntryBundle;
import countersign.log.tile.InMemoryTileStore;
import countersign.log.tile.TileSource;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import countersign.signing.SignedNote;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogReaderTest {
    private static final NoteSigner WITNESS = LogFixture.signer("witness.example", NoteKey.Algorithm.COSIGNATURE, 3);
    private static final NoteSigner STRANGER = LogFixture.signer("stranger.example", NoteKey.Algorithm.ED25519, 4);

    @TempDir
    private Path folder;

    private RecordLog log;

    @BeforeEach
    void open() {
        log = LogFixture.open(folder);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255, 256, 257, 600, 1024})
    void a_good_copy_gives_every_entry_in_order(int size) {
        append(0, size);

        LogReader.Verified verified = reader(mirrorOf(log)).verify();

        assertThat(verified.checkpoint()).isEqualTo(log.checkpoint());
        assertThat(verified.entries().map(LogReader.Entry::bytes)).containsExactlyElementsOf(entries(0, size));
        assertThat(verified.entries().map(LogReader.Entry::index).toList())
                .isEqualTo(LongStream.range(0, size).boxed().toList());
        assertThat(verified.head().cosignedAt()).isEqualTo(CLOCK.instant());
        assertThat(verified.head().witnesses()).isEmpty();
    }

    @Test
    void a_good_copy_of_70000_entries_has_the_files_of_its_size_and_verifies() {
        for (int from = 0; from < 70_000; from += 10_000) {
            append(from, from + 10_000);
        }

        Map<String, byte[]> files = mirrorOf(log);

        assertThat(files).hasSize(274 + 274 + 2 + 1 + 1).containsKeys("tile/2/000.p/1", "tile/entries/273.p/112");
        assertThat(reader(files).verify().entries().count()).isEqualTo(70_000);
    }

    @Test
    void a_copy_that_is_updated_step_by_step_equals_one_that_is_made_at_once() {
        Random random = new Random(7);
        Map<String, byte[]> files = mirrorOf(log);
        Checkpoint remembered = reader(files).verify().checkpoint();

        for (int size = 0; size < 1_500; ) {
            int more = 1 + random.nextInt(300);
            append(size, size + more);
            LogFixture.update(files, size, log);
            LogReader.Verified since = reader(files).verifySince(remembered);

            assertThat(digests(files)).isEqualTo(digests(mirrorOf(log)));
            assertThat(since.entries().map(LogReader.Entry::bytes))
                    .containsExactlyElementsOf(entries(size, size + more));
            remembered = since.checkpoint();
            size += more;
        }
    }

    @Test
    void any_flipped_byte_is_found_and_its_file_named() {
        Random random = new Random(7);
        append(0, 600);
        Map<String, byte[]> good = mirrorOf(log);
        good.remove(TileSource.CHECKPOINT);
        byte[] note = log.signedCheckpoint().write().getBytes(UTF_8);

        good.forEach((path, bytes) -> {
            for (int round = 0; round < 25; round++) {
                int place = round == 0 ? 0 : round == 1 ? bytes.length - 1 : random.nextInt(bytes.length);
                Map<String, byte[]> files = new HashMap<>(good);
                files.put(TileSource.CHECKPOINT, note);
                files.put(path, flipped(bytes, place, random));

                Refusal refusal = refusalOf(reader(files));

                assertThat(refusal.rule())
                        .as("%s at %d", path, place)
                        .isEqualTo(path.contains("entries") ? "log-entry-altered" : "log-tile-altered");
                assertThat(refusal.getMessage()).contains(path + " ");
            }
        });
    }

    @Test
    void an_altered_entry_is_named_by_its_index() {
        append(0, 300);
        Map<String, byte[]> files = mirrorOf(log);
        files.compute("tile/entries/001.p/44", (path, bytes) -> {
            byte[] altered = bytes.clone();
            altered[altered.length - 1] = 'X';
            return altered;
        });

        Refusal refusal = refusalOf(reader(files));

        assertThat(refusal.rule()).isEqualTo("log-entry-altered");
        assertThat(refusal.getMessage()).contains("entry 299 in tile/entries/001.p/44");
    }

    @Test
    void any_flipped_byte_of_the_checkpoint_is_found() {
        append(0, 3);
        Map<String, byte[]> files = mirrorOf(log);
        byte[] note = files.get(TileSource.CHECKPOINT);

        for (int place = 0; place < note.length; place++) {
            files.put(TileSource.CHECKPOINT, flipped(note, place, new Random(place)));

            assertThat(refusalOf(reader(files)).rule())
                    .as("flip at %d", place)
                    .isIn("log-checkpoint-altered", "checkpoint-not-signed");
        }
    }

    @Test
    void a_bundle_with_tiles_made_to_fit_does_not_fit_the_signed_root() {
        append(0, 300);
        Map<String, byte[]> files = forgedCopy(300, 7);
        files.put(TileSource.CHECKPOINT, log.signedCheckpoint().write().getBytes(UTF_8));

        assertThat(refusalOf(reader(files)).rule()).isEqualTo("log-forked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tile/entries/000", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"})
    void a_missing_file_is_named(String path) {
        append(0, 300);
        Map<String, byte[]> files = mirrorOf(log);
        files.remove(path);

        Refusal refusal = refusalOf(reader(files));

        assertThat(refusal.rule()).isEqualTo("log-tile-altered");
        assertThat(refusal.getMessage()).contains(path);
    }

    @Test
    void a_full_tile_stands_in_for_a_deleted_partial_one() {
        append(0, 300);
        Map<String, byte[]> files = mirrorOf(log);
        append(300, 520);
        Map<String, byte[]> later = mirrorOf(log);
        for (String tile : List.of("tile/entries/001", "tile/0/001")) {
            files.remove(tile + ".p/44");
            files.put(tile, later.get(tile));
        }

        assertThat(reader(files).verify().entries().count()).isEqualTo(300);
    }

    @Test
    void a_log_that_does_not_extend_what_is_remembered_is_forked() {
        append(0, 300);
        Checkpoint remembered = log.checkpoint();
        Map<String, byte[]> files = forgedCopy(400, 7);

        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> reader(files).verifySince(remembered));

        assertThat(refusal.rule()).isEqualTo("log-forked");
    }

    @Test
    void a_log_that_forks_behind_what_is_remembered_is_found_by_who_remembers_more() {
        append(0, 300);
        Checkpoint early = log.checkpoint();
        append(300, 350);
        Checkpoint late = log.checkpoint();
        Map<String, byte[]> files = forgedCopy(400, 310);

        assertThat(reader(files).verifySince(early).checkpoint().size()).isEqualTo(400);
        assertThat(catchThrowableOfType(Refusal.class, () -> reader(files).verifySince(late))
                        .rule())
                .isEqualTo("log-forked");
    }

    @Test
    void a_log_that_ends_before_what_is_remembered_is_truncated() {
        append(0, 10);
        Map<String, byte[]> files = mirrorOf(log);
        append(10, 11);

        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> reader(files).verifySince(log.checkpoint()));

        assertThat(refusal.rule()).isEqualTo("log-truncated");
    }

    @Test
    void an_altered_tile_is_named_to_those_who_remember_too() {
        append(0, 300);
        Checkpoint remembered = log.checkpoint();
        append(300, 400);
        Map<String, byte[]> files = mirrorOf(log);
        files.compute("tile/0/001.p/144", (path, bytes) -> flipped(bytes, 5, new Random(1)));

        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> reader(files).verifySince(remembered));

        assertThat(refusal.rule()).isEqualTo("log-tile-altered");
        assertThat(refusal.getMessage()).contains("tile/0/001.p/144");
    }

    @Test
    void a_checkpoint_needs_the_key_of_the_log_and_the_cosigner() {
        append(0, 3);
        String text = log.checkpoint().text();

        assertThat(ruleOfNote(text, COSIGNER.cosign(text, CLOCK.instant()))).isEqualTo("checkpoint-not-signed");
        assertThat(ruleOfNote(text, LOG_KEY.sign(text))).isEqualTo("checkpoint-not-signed");
        assertThat(ruleOfNote(text, STRANGER.sign(text))).isEqualTo("checkpoint-not-signed");
        assertThat(ruleOfNote(text, LOG_KEY.sign(text.replace("3", "4")))).isEqualTo("log-checkpoint-altered");
        assertThat(refusalOf(reader(Map.of())).rule()).isEqualTo("checkpoint-not-signed");
    }

    @Test
    void a_checkpoint_of_another_log_is_refused() {
        String text = Checkpoint.empty("log.example/other").text();

        assertThat(ruleOfNote(text, LOG_KEY.sign(text), COSIGNER.cosign(text, CLOCK.instant())))
                .isEqualTo("log-forked");
    }

    @Test
    void witnesses_that_cosigned_are_counted() {
        append(0, 3);
        Map<String, byte[]> files = mirrorOf(log);
        SignedNote witnessed = log.signedCheckpoint()
                .with(List.of(WITNESS.cosign(log.checkpoint().text(), CLOCK.instant())));
        files.put(TileSource.CHECKPOINT, witnessed.write().getBytes(UTF_8));
        LogTrust trust = new LogTrust(ORIGIN, List.of(LOG_KEY.key()), List.of(COSIGNER.key()), List.of(WITNESS.key()));

        LogReader.Verified verified = new LogReader(source(files), trust).verify();

        assertThat(verified.head().witnesses()).containsExactly("witness.example");
    }

    @Test
    void a_new_key_is_believed_by_old_and_new_readers_while_both_sign() {
        NoteSigner next = LogFixture.signer(ORIGIN, NoteKey.Algorithm.ED25519, 9);
        log.close();
        log = RecordLog.open(folder, new LogSigners(ORIGIN, List.of(LOG_KEY, next, COSIGNER)), CLOCK);
        append(0, 3);
        Map<String, byte[]> files = mirrorOf(log);
        LogTrust newTrust = new LogTrust(ORIGIN, List.of(next.key()), List.of(COSIGNER.key()), List.of());

        assertThat(reader(files).verify().checkpoint().size()).isEqualTo(3);
        assertThat(new LogReader(source(files), newTrust).verify().checkpoint().size())
                .isEqualTo(3);
    }

    @Test
    void a_source_that_changes_after_it_was_verified_gives_no_altered_entry() {
        append(0, 3);
        Map<String, byte[]> files = mirrorOf(log);
        LogReader.Verified verified = reader(files).verify();
        files.put("tile/entries/000.p/3", EntryBundle.encode(List.of(entry(0), entry(9), entry(2))));

        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> verified.entries().toList());

        assertThat(refusal.rule()).isEqualTo("log-entry-altered");
    }

    /** A copy that the log's own keys signed, with another entry at one place. */
    private Map<String, byte[]> forgedCopy(int size, int place) {
        UnaryOperator<List<byte[]>> forge = list -> {
            List<byte[]> forged = new ArrayList<>(list);
            forged.set(place, entry(-1));
            return forged;
        };
        try (RecordLog forged = RecordLog.open(folder.resolve("forged"), new InMemoryTileStore(), SIGNERS, CLOCK)) {
            forged.appendBytes(forge.apply(entries(0, size)));
            return mirrorOf(forged);
        }
    }

    private void append(int from, int to) {
        if (to > from) {
            log.appendBytes(entries(from, to));
        }
    }

    private String ruleOfNote(String text, String... lines) {
        Map<String, byte[]> files = new TreeMap<>(mirrorOf(log));
        files.put(
                TileSource.CHECKPOINT,
                SignedNote.of(text, List.of(lines)).write().getBytes(UTF_8));
        return refusalOf(reader(files)).rule();
    }

    private static Refusal refusalOf(LogReader reader) {
        return catchThrowableOfType(Refusal.class, reader::verify);
    }

    private static LogReader reader(Map<String, byte[]> files) {
        return new LogReader(source(files), TRUST);
    }

    private static TileSource source(Map<String, byte[]> files) {
        return path -> Optional.ofNullable(files.get(path));
    }

    private static Map<String, Sha256> digests(Map<String, byte[]> files) {
        Map<String, Sha256> digests = new TreeMap<>();
        files.forEach((path, bytes) -> digests.put(path, Sha256.of(bytes)));
        return digests;
    }

    private static byte[] flipped(byte[] bytes, int place, Random random) {
        byte[] flipped = bytes.clone();
        flipped[place] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }
}
