package countersign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import countersign.audit.AuditLine;
import countersign.change.Shop;
import countersign.cli.data.Program;
import countersign.codec.disk.DiskFailure;
import countersign.codec.disk.SmallDisk;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole server over a small disk that runs full between and in the middle of requests. */
final class DiskFailureTest {
    private static final String NAME = "more-instances";
    private static final String CHANGE = "/api/v1/changes/" + NAME;
    private static final int MEBIBYTES = 80;
    private static final long LITTLE = 16L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private volatile Runnable fault = () -> {};
    private volatile String faultAt = "nowhere";
    private final Installation installation =
            new Installation(new Countersign.Outside(this::reach, Clock.systemUTC(), new SecureRandom()));
    private Map<String, String> tokens;
    private SmallDisk disk;
    private Path data;
    private Path backups;
    private Program.Founded founded;

    @BeforeEach
    void found(@TempDir Path folder) {
        disk = SmallDisk.mount(folder.resolve("disk"), MEBIBYTES);
        data = disk.path().resolve("data");
        backups = folder.resolve("backups");
        founded = SampleShop.found(installation, data);
        tokens = SampleShop.tokens(installation, data, "ann", "carol", "dave");
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void a_full_disk_makes_the_server_read_only_with_a_reason_until_there_is_space() {
        try (Program.Running running = serve()) {
            Api api = new Api(running.url(), tokens);
            assertThat(api.open("ann", SampleShop.change(NAME)).status()).isEqualTo(201);

            disk.fill(LITTLE);

            Api.Answer unready = api.get("ann", "/readyz");
            assertThat(unready.status()).isEqualTo(503);
            assertThat(unready.json()).containsEntry("rule", "read-only");
            assertThat(unready.text()).contains("is full: ", "goes on by itself");
            assertThat(api.get("ann", "/metrics").text())
                    .contains("countersign_read_only 1", "countersign_apply_stopped 0", "countersign_apply_due 0");
            Api.Answer vote = approve(api);
            assertThat(vote.status()).as(vote.text()).isEqualTo(503);
            assertThat(vote.json()).containsEntry("rule", "read-only");
            assertThat(api.open("ann", SampleShop.change("another")).json()).containsEntry("rule", "read-only");
            assertThat(api.get("ann", CHANGE).status()).isEqualTo(200);
            assertThat(api.get("ann", "/api/v1/changes").status()).isEqualTo(200);

            disk.free();

            assertThat(api.get("ann", "/readyz").status()).isEqualTo(200);
            assertThat(approve(api).status()).isEqualTo(201);
            assertThat(merge(api).status()).isEqualTo(200);
            Awaitility.await("applied").atMost(PATIENCE).until(() -> state(api).equals("soaking"));
        }
        assertThat(audit()).allMatch(AuditLine::good);
    }

    @ParameterizedTest
    @ValueSource(strings = {"merge-before-commit", "merge-after-commit", "merge-after-log", "merge-after-main"})
    void a_disk_without_a_byte_left_in_the_middle_of_a_merge_loses_nothing_that_was_acknowledged(String point) {
        boolean merged;
        try (Program.Running running = serve()) {
            Api api = new Api(running.url(), tokens);
            assertThat(api.open("ann", SampleShop.change(NAME)).status()).isEqualTo(201);
            assertThat(approve(api).status()).isEqualTo(201);
            assertThat(state(api)).isEqualTo("approved");
            fault = () -> disk.fill(0);
            faultAt = point;

            Api.Answer answer = merge(api);

            faultAt = "nowhere";
            merged = answer.status() == 200;
            assertThat(answer.status()).as(answer.text()).isIn(200, 503, 507);
            assertThat(answer.text()).doesNotContain("Exception", "\tat ");
            Api.Answer unready = api.get("ann", "/readyz");
            assertThat(unready.status()).as(unready.text()).isEqualTo(503);
            assertThat(running.readOnlyReason().orElseThrow()).contains(data.toString());
        }
        disk.free();
        try (Program.Running running = serve()) {
            Api api = new Api(running.url(), tokens);
            assertThat(running.readOnlyReason()).isEmpty();
            assertThat((List<?>) api.get("ann", CHANGE + "/votes").json().get("items"))
                    .hasSize(1);
            if (merged) {
                assertThat(state(api)).isNotEqualTo("approved");
            } else if (state(api).equals("approved")) {
                assertThat(merge(api).status()).isEqualTo(200);
            }
            Awaitility.await("applied").atMost(PATIENCE).until(() -> state(api).equals("soaking"));
        }
        assertThat(audit()).allMatch(AuditLine::good);
        assertThat(audit().stream().filter(line -> line.subject().startsWith("#")))
                .as("one merge")
                .hasSize(1);
    }

    @Test
    void a_folder_for_backups_without_space_fails_the_backup_by_name_and_keeps_nothing_of_it() {
        try (SmallDisk small = SmallDisk.mount(backups, 1);
                Program.Running running = serve()) {
            Api api = new Api(running.url(), tokens);

            small.fill(64 << 10);

            Api.Answer begun = api.post("dave", "/api/v1/backups", Map.of("name", "first"));

            assertThat(begun.status()).as(begun.text()).isEqualTo(202);

            Awaitility.await("failed")
                    .atMost(PATIENCE)
                    .until(() -> api.get("dave", "/api/v1/backups/first").text().contains("failed"));
            assertThat(api.get("dave", "/api/v1/backups/first").text())
                    .contains(backups.toString(), "a disk is full", "nothing of it was left");
            assertThat(small.path()).isDirectoryNotContaining("glob:**/first*");
            assertThat(api.get("ann", "/readyz").status()).isEqualTo(200);
        }
    }

    @Test
    void a_data_folder_on_a_disk_that_is_mounted_read_only_is_not_served_and_served_again_afterwards() {
        disk.seal();
        assertThat(catchThrowable(this::serve))
                .satisfies(refused -> assertThat(DiskFailure.find(refused)).contains(DiskFailure.READ_ONLY));

        disk.unseal();

        try (Program.Running running = serve()) {
            assertThat(running.readOnlyReason()).isEmpty();
        }
    }

    private void reach(String point) {
        if (point.equals(faultAt)) {
            fault.run();
        }
    }

    private Program.Running serve() {
        return installation.serve(
                new Program.Serve(data, new Program.Address("127.0.0.1", 0, null, false), null, backups, null));
    }

    private static Api.Answer approve(Api api) {
        return api.vote("carol", Shop.key("carol"), NAME, "approve", "approver");
    }

    private static Api.Answer merge(Api api) {
        return api.post("ann", CHANGE + "/merge", Map.of());
    }

    private static String state(Api api) {
        return String.valueOf(api.get("ann", CHANGE).json().get("state"));
    }

    private List<AuditLine> audit() {
        return SampleShop.audit(data, founded);
    }
}
