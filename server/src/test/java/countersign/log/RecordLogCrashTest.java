package countersign.log;

import static countersign.log.LogFixture.CLOCK;
import static countersign.log.LogFixture.SIGNERS;
import static countersign.log.LogFixture.entries;
import static countersign.log.LogFixture.entry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.log.copy.LogReader;
import countersign.log.tile.TileStore;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordLogCrashTest {
    /** Up to and without the acknowledged length and its checksum; the header ends at 28. */
    private static final int ACKNOWLEDGEMENT = 16;

    private static final int HEADER = 28;

    @TempDir
    private Path folder;

    private Path journal;
    private Path checkpoint;

    @BeforeEach
    void nameFiles() {
        journal = folder.resolve("journal");
        checkpoint = folder.resolve("tiles/checkpoint");
    }

    @Test
    void a_torn_record_that_nobody_was_told_of_is_cut_off_wherever_it_was_torn() throws IOException {
        byte[] before = journalOf(3);
        byte[] after = journalOf(5);
        System.arraycopy(before, ACKNOWLEDGEMENT, after, ACKNOWLEDGEMENT, HEADER - ACKNOWLEDGEMENT);

        for (int length = before.length; length < after.length; length++) {
            Files.write(journal, Arrays.copyOf(after, length));
            try (RecordLog log = LogFixture.open(folder)) {
                assertThat(log.size()).as("torn at %d", length).isEqualTo(3);
                assertThat(log.appendBytes(entries(3, 4))).isEqualTo(3);
            }
            try (RecordLog log = LogFixture.open(folder)) {
                assertThat(log.entries(0, 4)).containsExactlyElementsOf(entries(0, 4));
            }
        }
    }

    @Test
    void a_torn_record_with_holes_is_cut_off_too() throws IOException {
        byte[] before = journalOf(3);
        byte[] after = journalOf(5);
        System.arraycopy(before, ACKNOWLEDGEMENT, after, ACKNOWLEDGEMENT, HEADER - ACKNOWLEDGEMENT);

        for (int hole = before.length; hole < after.length; hole++) {
            byte[] torn = after.clone();
            Arrays.fill(torn, hole, torn.length, (byte) 0);
            Files.write(journal, torn);
            try (RecordLog log = LogFixture.open(folder)) {
                assertThat(log.size()).as("zeros from %d", hole).isEqualTo(3);
            }
        }
    }

    @Test
    void a_whole_record_is_kept_although_the_crash_came_before_its_acknowledgement() throws IOException {
        byte[] before = journalOf(3);
        byte[] after = journalOf(5);
        System.arraycopy(before, ACKNOWLEDGEMENT, after, ACKNOWLEDGEMENT, HEADER - ACKNOWLEDGEMENT);
        Files.write(journal, after);

        try (RecordLog log = LogFixture.open(folder)) {
            assertThat(log.entries(0, 5)).containsExactlyElementsOf(entries(0, 5));
        }
        assertThat(Files.readAllBytes(journal)).isEqualTo(journalOf(5));
    }

    @Test
    void a_journal_that_lost_acknowledged_bytes_is_refused() throws IOException {
        byte[] whole = journalOf(5);

        for (int length = HEADER; length < whole.length; length++) {
            Files.write(journal, Arrays.copyOf(whole, length));

            assertThat(ruleOfOpening()).as("cut at %d", length).isEqualTo("log-truncated");
        }
    }

    @Test
    void any_flipped_byte_of_the_journal_is_refused_and_nothing_is_written() throws IOException {
        byte[] whole = journalOf(5);

        for (int place = 0; place < whole.length; place++) {
            byte[] flipped = whole.clone();
            flipped[place] ^= 0x10;
            Files.write(journal, flipped);

            assertThat(ruleOfOpening()).as("flip at %d", place).isEqualTo("log-corrupt");
            assertThat(Files.readAllBytes(journal)).isEqualTo(flipped);
        }
    }

    @Test
    void an_entry_that_is_altered_while_the_log_is_open_is_not_given_out() throws IOException {
        try (RecordLog log = LogFixture.open(folder)) {
            log.appendBytes(entries(0, 2));
            byte[] bytes = Files.readAllBytes(journal);
            bytes[bytes.length - 1] ^= 1;
            Files.write(journal, bytes);

            Refusal refusal = catchThrowableOfType(Refusal.class, () -> log.entry(1));

            assertThat(refusal.rule()).isEqualTo("log-corrupt");
            assertThat(log.entry(0)).isEqualTo(entry(0));
        }
    }

    @Test
    void a_journal_that_is_shorter_than_the_published_checkpoint_is_refused() throws IOException {
        byte[] early = journalOf(3);
        journalOf(5, true);
        Files.write(journal, early);

        assertThat(ruleOfOpening()).isEqualTo("log-truncated");
        Files.delete(journal);
        assertThat(ruleOfOpening()).isEqualTo("log-truncated");
    }

    @Test
    void a_journal_with_another_history_than_the_published_checkpoint_is_refused() throws IOException {
        journalOf(5, true);
        byte[] published = Files.readAllBytes(checkpoint);
        clear();
        try (RecordLog log = LogFixture.open(folder)) {
            log.appendBytes(entries(100, 107));
        }
        Files.createDirectories(checkpoint.getParent());
        Files.write(checkpoint, published);

        assertThat(ruleOfOpening()).isEqualTo("log-forked");
    }

    @Test
    void a_published_checkpoint_that_is_altered_is_refused() throws IOException {
        journalOf(5, true);
        byte[] published = Files.readAllBytes(checkpoint);
        published[published.length - 20] ^= 1;
        Files.write(checkpoint, published);

        assertThat(ruleOfOpening()).isEqualTo("log-checkpoint-altered");
    }

    @Test
    void tiles_that_a_power_cut_lost_or_tore_are_built_again() throws IOException {
        try (RecordLog log = LogFixture.open(folder)) {
            log.appendBytes(entries(0, 700));
        }
        Map<String, byte[]> tiles = new HashMap<>();
        for (String name : List.of("0/000", "0/001", "entries/000", "entries/001")) {
            tiles.put(name, Files.readAllBytes(folder.resolve("tiles/tile").resolve(name)));
        }
        Files.write(folder.resolve("tiles/tile/0/000"), new byte[0]);
        Files.write(folder.resolve("tiles/tile/0/001"), new byte[8192]);
        Files.delete(folder.resolve("tiles/tile/entries/000"));
        Files.write(folder.resolve("tiles/tile/entries/001"), new byte[] {1});

        LogFixture.open(folder).close();

        tiles.forEach((name, bytes) ->
                assertThat(folder.resolve("tiles/tile").resolve(name)).hasBinaryContent(bytes));
    }

    @Test
    void a_log_whose_tiles_cannot_be_written_stops_until_it_is_opened_again() {
        TileStore full = new TileStore() {
            @Override
            public Optional<byte[]> read(String path) {
                return Optional.empty();
            }

            @Override
            public void write(String path, byte[] bytes) {
                throw new UncheckedIOException(new IOException("no space left"));
            }
        };
        try (RecordLog log = RecordLog.open(journal, full, SIGNERS, CLOCK)) {
            log.appendBytes(entries(0, 200));

            assertThatThrownBy(() -> log.appendBytes(entries(200, 300))).isInstanceOf(UncheckedIOException.class);
            assertThat(catchThrowableOfType(Refusal.class, () -> log.appendBytes(entries(300, 301)))
                            .rule())
                    .isEqualTo("log-broken");
        }

        try (RecordLog log = LogFixture.open(folder)) {
            assertThat(log.entries(0, 300)).containsExactlyElementsOf(entries(0, 300));
        }
    }

    @Test
    void a_killed_process_loses_no_entry_that_it_acknowledged() throws IOException, InterruptedException {
        Map<Long, String> acknowledged = new HashMap<>();
        for (int round = 1; round <= 3; round++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classPath(),
                            AppendUntilKilled.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            readAcknowledged(process, acknowledged, round * 1_000);
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(round * 1_000);

            try (RecordLog log = LogFixture.open(folder)) {
                assertThat(log.size()).isGreaterThanOrEqualTo(acknowledged.size());
                acknowledged.forEach((index, text) ->
                        assertThat(new String(log.entry(index), UTF_8)).isEqualTo(text));
                assertThat(new LogReader(log, LogFixture.TRUST).verify().entries())
                        .hasSize((int) log.size());
            }
        }
    }

    private static void readAcknowledged(Process process, Map<Long, String> acknowledged, int enough)
            throws IOException, InterruptedException {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 4);
                if (words.length == 3 && words[2].equals("acknowledged")) {
                    acknowledged.put(Long.parseLong(words[0]), words[1]);
                }
                if (acknowledged.size() >= enough) {
                    process.toHandle().destroyForcibly();
                }
            }
        }
        process.waitFor();
    }

    private static String classPath() throws IOException {
        List<String> places = new ArrayList<>();
        for (String resource : List.of(
                "countersign/log/AppendUntilKilled.class",
                "countersign/log/RecordLog.class",
                "org/bouncycastle/crypto/params/Ed25519PrivateKeyParameters.class")) {
            URL url = RecordLogCrashTest.class.getClassLoader().getResource(resource);
            places.add(
                    url.openConnection() instanceof JarURLConnection jar
                            ? Path.of(URI.create(jar.getJarFileURL().toString()))
                                    .toString()
                            : Path.of(URI.create(url.toString().replace(resource, "")))
                                    .toString());
        }
        return String.join(File.pathSeparator, places);
    }

    private byte[] journalOf(int size) throws IOException {
        return journalOf(size, false);
    }

    /** The journal of a new log of one append of three entries and one of the rest. */
    private byte[] journalOf(int size, boolean published) throws IOException {
        clear();
        try (RecordLog log = LogFixture.open(folder)) {
            log.appendBytes(entries(0, 3));
            if (size > 3) {
                log.appendBytes(entries(3, size));
            }
            if (published) {
                log.signedCheckpoint();
            }
        }
        return Files.readAllBytes(journal);
    }

    private void clear() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    private String ruleOfOpening() {
        return catchThrowableOfType(
                        Refusal.class,
                        () -> RecordLog.open(folder, SIGNERS, CLOCK).close())
                .rule();
    }
}
