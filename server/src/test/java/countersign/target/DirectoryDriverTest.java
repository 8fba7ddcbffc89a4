package countersign.target;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.codec.disk.SmallDisk;
import countersign.repository.FileMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DirectoryDriverTest extends DriverContract {
    @TempDir
    Path root;

    private DirectoryDriver driver;
    private Path unit;

    @BeforeEach
    void openDriver() {
        driver = new DirectoryDriver(root);
        unit = root.resolve("shop/test/storefront");
    }

    @Override
    Driver driver() {
        return driver;
    }

    @Override
    void interfere(Location location, ReleaseFile file) {
        try {
            Files.write(unit.resolve("current").resolve(file.path()), file.bytes());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void the_room_of_a_target_is_that_of_its_file_system_even_before_it_has_a_folder() throws IOException {
        Space space = driver.space(LOCATION).orElseThrow();

        assertThat(space.bytes())
                .isPositive()
                .isLessThanOrEqualTo(Files.getFileStore(root).getTotalSpace());
    }

    @Test
    void a_small_disk_tells_how_many_files_it_takes() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(root.resolve("disk"), 4)) {
            DirectoryDriver small = new DirectoryDriver(disk.path());
            Long before = small.space(LOCATION).orElseThrow().files();

            Files.createFile(disk.path().resolve("one-more"));

            assertThat(before).isNotNull().isPositive();
            assertThat(small.space(LOCATION).orElseThrow().files()).isEqualTo(before - 1);
            assertThat(small.space(LOCATION).orElseThrow().bytes()).isBetween(1L, 4L << 20);
        }
    }

    @Test
    void files_carry_their_mode_and_current_is_a_link_to_a_numbered_release() throws IOException {
        Release release = Release.of(LOCATION, TargetState.NOTHING, FIRST);

        bring(release);

        assertThat(Files.readSymbolicLink(unit.resolve("current")).toString())
                .isEqualTo("releases/1-" + release.after().toString().substring(0, 12));
        assertThat(Files.isExecutable(unit.resolve("current/bin/start.sh"))).isTrue();
        assertThat(Files.isExecutable(unit.resolve("current/app.yaml"))).isFalse();
    }

    @Test
    void a_reader_never_sees_half_a_release_during_200_flips() throws Exception {
        bring(Release.of(LOCATION, TargetState.NOTHING, pair(0)));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        AtomicReference<String> torn = new AtomicReference<>("");
        Thread reader = new Thread(() -> {
            while (!done.get()) {
                String seen = readPair();
                reads.incrementAndGet();
                if (!seen.substring(0, seen.length() / 2).equals(seen.substring(seen.length() / 2))) {
                    torn.set(seen);
                }
            }
        });
        reader.start();

        for (int i = 1; i <= 200; i++) {
            bring(Release.of(LOCATION, driver.observe(LOCATION), pair(i)).withBackups(300));
        }
        done.set(true);
        reader.join();

        assertThat(torn.get()).isEmpty();
        assertThat(reads.get()).isPositive();
        assertThat(readPair()).isEqualTo("release 200\nrelease 200\n");
    }

    @Test
    void only_the_configured_number_of_earlier_releases_stays() throws IOException {
        for (int i = 0; i < 8; i++) {
            bring(Release.of(LOCATION, driver.observe(LOCATION), pair(i)).withBackups(3));
        }

        assertThat(releaseNumbers()).containsExactly(5, 6, 7, 8);
        assertThat(driver.restore(LOCATION, driver.observe(LOCATION)))
                .isEqualTo(Release.of(LOCATION, TargetState.NOTHING, pair(6)).after());
    }

    @Test
    void leftovers_of_a_crash_while_writing_vanish_at_the_next_release() throws IOException {
        Release first = Release.of(LOCATION, TargetState.NOTHING, FIRST);
        bring(first);
        Files.createDirectories(unit.resolve("releases/.staging-2-0123456789ab/half"));
        Files.writeString(unit.resolve("releases/.staging-2-0123456789ab/half/file"), "half");
        Files.createDirectories(unit.resolve("releases/2-0123456789ab"));
        Files.createSymbolicLink(unit.resolve("current.next"), Path.of("releases/2-0123456789ab"));
        Files.writeString(unit.resolve("releases/2-0123456789ab.json.next"), "{");

        bring(Release.of(LOCATION, first.after(), SECOND));

        assertThat(ForcedFiles.names(unit)).containsExactlyInAnyOrder("current", "releases");
        assertThat(releaseNumbers()).containsExactly(1, 3);
        assertThat(ForcedFiles.names(unit.resolve("releases"))).hasSize(4);
    }

    @Test
    void a_damaged_backup_is_not_restored() throws IOException {
        Release first = Release.of(LOCATION, TargetState.NOTHING, FIRST);
        bring(first);
        Release second = Release.of(LOCATION, first.after(), SECOND);
        Path backup = unit.resolve("current").toRealPath();
        bring(second);
        Files.writeString(backup.resolve("app.yaml"), "port: 6666\n");

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> driver.restore(LOCATION, second.after()));

        assertThat(refusal.rule()).isEqualTo("backup-damaged");
        assertThat(refusal).hasMessageContaining("app.yaml");
        assertThat(driver.observe(LOCATION)).isEqualTo(second.after());
    }

    @Test
    void a_release_that_was_altered_between_writing_and_flip_is_not_activated() throws IOException {
        Release first = Release.of(LOCATION, TargetState.NOTHING, FIRST);
        driver.stage(first);
        Files.writeString(onlyRelease().resolve("app.yaml"), "port: 6666\n");

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> driver.activate(first));

        assertThat(refusal.rule()).isEqualTo("backup-damaged");
        assertThat(driver.observe(LOCATION).nothing()).isTrue();
    }

    @Test
    void a_link_on_the_way_to_the_target_is_refused(@TempDir Path elsewhere) throws IOException {
        Files.createDirectories(root.resolve("shop"));
        Files.createSymbolicLink(root.resolve("shop/test"), elsewhere);

        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> bring(Release.of(LOCATION, TargetState.NOTHING, FIRST)));

        assertThat(refusal.rule()).isEqualTo("target-path-escapes");
        assertThat(ForcedFiles.names(elsewhere)).isEmpty();
    }

    @Test
    void a_current_that_leads_elsewhere_is_refused(@TempDir Path elsewhere) throws IOException {
        bring(Release.of(LOCATION, TargetState.NOTHING, FIRST));
        Files.delete(unit.resolve("current"));
        Files.createSymbolicLink(unit.resolve("current"), elsewhere);

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> driver.observe(LOCATION));

        assertThat(refusal.rule()).isEqualTo("target-path-escapes");
    }

    @Test
    void a_link_within_the_standing_release_is_drift_and_is_not_read(@TempDir Path elsewhere) throws IOException {
        bring(Release.of(LOCATION, TargetState.NOTHING, FIRST));
        Files.writeString(elsewhere.resolve("passwd"), "secret");
        Files.createSymbolicLink(unit.resolve("current/etc"), elsewhere);

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> driver.observe(LOCATION));

        assertThat(refusal.rule()).isEqualTo("target-drifted");
        assertThat(driver.read(LOCATION, "etc/passwd", 100)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../up", "/etc", "a//b", "a/./b", "", "a/", "a\\b"})
    void an_address_that_could_lead_out_of_the_root_is_refused(String address) {
        Location outside = new Location("shop-test", address, "storefront");

        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> bring(Release.of(outside, TargetState.NOTHING, FIRST)));

        assertThat(refusal.rule()).isEqualTo("target-path-escapes");
    }

    @Test
    void a_file_path_that_could_lead_out_of_the_release_is_refused() {
        Refusal refusal = catchThrowableOfType(
                Refusal.class, () -> new ReleaseFile("../../current", FileMode.REGULAR, new byte[0]));

        assertThat(refusal.rule()).isEqualTo("target-path-escapes");
    }

    @Test
    void a_target_within_another_targets_path_is_refused() {
        bring(Release.of(LOCATION, TargetState.NOTHING, FIRST));
        Location below = new Location("inner", "shop/test/inner", "storefront");
        Location above = new Location("outer", "shop", "test");

        assertThat(ruleOf(below)).isEqualTo("target-path-nested");
        assertThat(ruleOf(above)).isEqualTo("target-path-nested");
    }

    @Test
    void two_targets_on_one_path_are_refused() {
        bring(Release.of(LOCATION, TargetState.NOTHING, FIRST));

        assertThat(ruleOf(new Location("shop-live", "shop/test", "storefront"))).isEqualTo("target-path-taken");
    }

    @Test
    void a_new_driver_over_the_same_folders_goes_on_where_the_old_one_stopped() {
        Release first = Release.of(LOCATION, TargetState.NOTHING, FIRST);
        Release second = Release.of(LOCATION, first.after(), SECOND);
        bring(first);
        driver.stage(second);
        driver = new DirectoryDriver(root);

        bring(second);
        driver = new DirectoryDriver(root);

        assertThat(driver.restore(LOCATION, second.after())).isEqualTo(first.after());
    }

    private String ruleOf(Location location) {
        return catchThrowableOfType(Refusal.class, () -> bring(Release.of(location, TargetState.NOTHING, FIRST)))
                .rule();
    }

    private static List<ReleaseFile> pair(int number) {
        byte[] bytes = ("release " + number + "\n").getBytes(UTF_8);
        return List.of(
                new ReleaseFile("a.txt", FileMode.REGULAR, bytes), new ReleaseFile("b.txt", FileMode.REGULAR, bytes));
    }

    private String readPair() {
        try {
            Path release = unit.resolve("current").toRealPath();
            return Files.readString(release.resolve("a.txt")) + Files.readString(release.resolve("b.txt"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path onlyRelease() throws IOException {
        try (Stream<Path> releases = Files.list(unit.resolve("releases"))) {
            return releases.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<Integer> releaseNumbers() throws IOException {
        return ForcedFiles.names(unit.resolve("releases")).stream()
                .filter(name -> !name.endsWith(".json"))
                .flatMapToInt(name -> IntStream.of(Integer.parseInt(name.substring(0, name.indexOf('-')))))
                .sorted()
                .boxed()
                .toList();
    }
}
