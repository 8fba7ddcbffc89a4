package countersign.target;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.repository.FileMode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every driver promises. */
abstract class DriverContract {
    static final Location LOCATION = new Location("shop-test", "shop/test", "storefront");
    static final List<ReleaseFile> FIRST = List.of(
            new ReleaseFile("app.yaml", FileMode.REGULAR, "port: 80\n".getBytes(UTF_8)),
            new ReleaseFile("bin/start.sh", FileMode.EXECUTABLE, "#!/bin/sh\n".getBytes(UTF_8)));
    static final List<ReleaseFile> SECOND =
            List.of(new ReleaseFile("app.yaml", FileMode.REGULAR, "port: 81\n".getBytes(UTF_8)));

    abstract Driver driver();

    /** Changes what stands behind the driver's back. */
    abstract void interfere(Location location, ReleaseFile file);

    @Test
    void nothing_stands_before_the_first_release() {
        TargetState state = driver().observe(LOCATION);

        assertThat(state.nothing()).isTrue();
        assertThat(driver().read(LOCATION, "app.yaml", 100)).isEmpty();
    }

    @Test
    void an_activated_release_stands_with_paths_modes_and_bytes() {
        Release release = Release.of(LOCATION, TargetState.NOTHING, FIRST);

        Driver.Activation activation = bring(release);

        assertThat(activation).isEqualTo(Driver.Activation.ACTIVATED);
        assertThat(driver().observe(LOCATION)).isEqualTo(release.after());
        assertThat(driver().read(LOCATION, "bin/start.sh", 100)).contains("#!/bin/sh\n".getBytes(UTF_8));
    }

    @Test
    void a_staged_release_does_not_stand() {
        bring(Release.of(LOCATION, TargetState.NOTHING, FIRST));
        TargetState before = driver().observe(LOCATION);

        driver().stage(Release.of(LOCATION, before, SECOND));

        assertThat(driver().observe(LOCATION)).isEqualTo(before);
    }

    @Test
    void applying_what_already_stands_moves_nothing_and_says_so() {
        Release release = Release.of(LOCATION, TargetState.NOTHING, FIRST);
        bring(release);

        Driver.Activation again = bring(release);

        assertThat(again).isEqualTo(Driver.Activation.ALREADY_STANDING);
    }

    @Test
    void a_restore_brings_back_the_state_before() {
        bring(Release.of(LOCATION, TargetState.NOTHING, FIRST));
        TargetState before = driver().observe(LOCATION);
        Release release = Release.of(LOCATION, before, SECOND);
        Driver.Backup backup = driver().backup(release);
        bring(release);

        TargetState restored = driver().restore(LOCATION, release.after());

        assertThat(restored).isEqualTo(before).isEqualTo(backup.state());
        assertThat(driver().read(LOCATION, "app.yaml", 100)).contains("port: 80\n".getBytes(UTF_8));
    }

    @Test
    void a_restore_of_the_first_release_leaves_nothing() {
        Release release = Release.of(LOCATION, TargetState.NOTHING, FIRST);
        assertThat(driver().backup(release).name()).isEqualTo("nothing");
        bring(release);

        TargetState restored = driver().restore(LOCATION, release.after());

        assertThat(restored.nothing()).isTrue();
        assertThat(driver().observe(LOCATION).nothing()).isTrue();
    }

    @Test
    void a_removal_leaves_nothing_and_can_be_undone() {
        Release release = Release.of(LOCATION, TargetState.NOTHING, FIRST);
        bring(release);

        bring(Release.removal(LOCATION, release.after()));
        TargetState removed = driver().observe(LOCATION);
        TargetState restored = driver().restore(LOCATION, TargetState.NOTHING);

        assertThat(removed.nothing()).isTrue();
        assertThat(restored).isEqualTo(release.after());
    }

    @Test
    void a_release_can_follow_a_restored_one() {
        Release first = Release.of(LOCATION, TargetState.NOTHING, FIRST);
        bring(first);
        Release second = Release.of(LOCATION, first.after(), SECOND);
        bring(second);
        driver().restore(LOCATION, second.after());

        bring(second);

        assertThat(driver().observe(LOCATION)).isEqualTo(second.after());
        assertThat(driver().restore(LOCATION, second.after())).isEqualTo(first.after());
    }

    @Test
    void drift_is_refused_with_both_digests_and_the_paths() {
        Release first = Release.of(LOCATION, TargetState.NOTHING, FIRST);
        bring(first);
        Release second = Release.of(LOCATION, first.after(), SECOND);
        driver().stage(second);
        interfere(LOCATION, new ReleaseFile("app.yaml", FileMode.REGULAR, "port: 6666\n".getBytes(UTF_8)));
        TargetState drifted = driver().observe(LOCATION);

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> driver().activate(second));

        assertThat(refusal.rule()).isEqualTo("target-drifted");
        assertThat(refusal).hasMessageContainingAll(first.after().toString(), drifted.toString(), "app.yaml");
        assertThat(refusal.getMessage()).doesNotContain("6666");
        assertThat(driver().observe(LOCATION)).isEqualTo(drifted);
    }

    @Test
    void a_restore_over_drift_is_refused() {
        Release first = Release.of(LOCATION, TargetState.NOTHING, FIRST);
        bring(first);
        interfere(LOCATION, new ReleaseFile("app.yaml", FileMode.REGULAR, "port: 6666\n".getBytes(UTF_8)));

        assertThatThrownBy(() -> driver().restore(LOCATION, first.after()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("target-drifted"));
    }

    @Test
    void a_file_larger_than_asked_for_is_refused() {
        bring(Release.of(LOCATION, TargetState.NOTHING, FIRST));

        assertThatThrownBy(() -> driver().read(LOCATION, "app.yaml", 3))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("too-large"));
    }

    @Test
    void systems_of_one_target_do_not_touch_each_other() {
        Location other = new Location("shop-test", "shop/test", "checkout");
        bring(Release.of(LOCATION, TargetState.NOTHING, FIRST));

        bring(Release.of(other, TargetState.NOTHING, SECOND));

        assertThat(driver().observe(LOCATION))
                .isEqualTo(Release.of(LOCATION, TargetState.NOTHING, FIRST).after());
        assertThat(driver().observe(other))
                .isEqualTo(Release.of(other, TargetState.NOTHING, SECOND).after());
    }

    Driver.Activation bring(Release release) {
        driver().stage(release);
        return driver().activate(release);
    }
}
