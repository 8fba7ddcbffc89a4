package countersign.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.apply.fact.TargetFacts;
import countersign.apply.plan.Planner;
import countersign.apply.record.MergedChange;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.SystemUnits;
import countersign.manifest.Unit;
import countersign.manifest.UnitContent;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.object.InMemoryRepository;
import countersign.target.HealthCheck;
import countersign.target.InMemoryDriver;
import countersign.target.Location;
import countersign.target.Release;
import countersign.target.Space;
import countersign.target.TargetState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SnapshotContentsTest {
    private static final Unit STORE = new Unit("web-test", "storefront-test");
    private static final String TARGET = """
            apiVersion: countersign.dev/v1
            kind: Target
            metadata: {name: web-test}
            spec: {environment: test, driver: directory, directory: {path: test/web-1}, keepReleases: 7}
            """;
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
    private static final String PACKAGE = """
            apiVersion: countersign.dev/v1
            kind: UpgradePackage
            metadata: {name: shop-2-4}
            spec:
              version: "2.4.0"
              product: shop
              releaseDate: 2026-11-02
              supplier: {name: Shop engineering, contact: shop@example.org}
              contents:
                - {path: shop.jar, size: 4, sha256: 043552696891836b0f7f97395327a68dbe207497700e327db4f816bd57757c73}
              steps: [{name: Replace the jar and start}]
              applicableTo: {versions: [">=2.2.0 <2.4.0"]}
              rollback: {supported: true}
            """;
    private static final String SYSTEM = """
            apiVersion: countersign.dev/v1
            kind: SystemConfig
            metadata: {name: storefront-test}
            spec:
              owner: {unit: Shop engineering, person: ann}
              environment: test
              classification: confidential
              targets: [web-test]
              files:
                - path: app.yaml
                  format: yaml
                  data: {cache: {size: 10}, password: hunter2}
                - path: bin/start.sh
                  from: start.sh
                  mode: "0755"
              dependsOn: [order-database-test]
              startAfter: [checkout-test]
              health:
                checks: [{name: there, kind: file, path: app.yaml, contains: cache}]
                timeout: PT3S
            """;

    private final InMemoryRepository repository = new InMemoryRepository();
    private final DocumentReader documents = new DocumentReader(new countersign.document.reader.Documents(), 100);
    private final Map<Unit, String> standing = new HashMap<>();
    private final InMemoryDriver driver = new InMemoryDriver();
    private final SnapshotContents contents = new SnapshotContents(
            repository,
            documents,
            new TargetFacts(
                    repository,
                    documents,
                    unit -> Optional.ofNullable(standing.get(unit)),
                    Map.of("directory", driver)));

    @Test
    void a_unit_is_applied_as_its_documents_say() {
        String before = commit(null, Map.of("targets/web-test.yaml", TARGET));
        String after = commit(before, withSystem(SYSTEM));
        MergedChange change = merge(before, after);

        UnitPlan plan = contents.plan(change, STORE);

        assertThat(plan.location()).isEqualTo(new Location("web-test", "test/web-1", "storefront-test"));
        assertThat(plan.driver()).isEqualTo("directory");
        assertThat(plan.moved()).isFalse();
        assertThat(plan.startAfter()).containsExactlyInAnyOrder("order-database-test", "checkout-test");
        assertThat(plan.backups()).isEqualTo(7);
        assertThat(plan.health())
                .isEqualTo(new HealthCheck.Suite(
                        List.of(new HealthCheck.File("there", "app.yaml", "cache")), Duration.ofSeconds(3)));
    }

    @Test
    void the_files_have_the_state_that_the_manifest_signs() {
        String before = commit(null, Map.of("targets/web-test.yaml", TARGET));
        MergedChange change = merge(before, commit(before, withSystem(SYSTEM)));

        Release release = Release.of(
                contents.plan(change, STORE).location(),
                TargetState.NOTHING,
                contents.files(change, STORE).orElseThrow());

        assertThat(release.after().digest())
                .isEqualTo(change.units().get(0).state().after());
        assertThat(release.files().get(1).mode()).isEqualTo(FileMode.EXECUTABLE);
    }

    @Test
    void a_unit_that_is_taken_away_has_no_files_and_the_place_it_had() {
        String before = commit(commit(null, Map.of("targets/web-test.yaml", TARGET)), withSystem(SYSTEM));
        MergedChange change = merge(before, delete(before, "systems/storefront/storefront-test.yaml"));

        assertThat(contents.files(change, STORE)).isEmpty();
        assertThat(contents.plan(change, STORE).location().address()).isEqualTo("test/web-1");
    }

    @Test
    void a_target_that_moves_is_known_to_move() {
        String before = commit(commit(null, Map.of("targets/web-test.yaml", TARGET)), withSystem(SYSTEM));
        String after = commit(before, Map.of("targets/web-test.yaml", TARGET.replace("web-1", "web-2")));

        UnitPlan plan = contents.plan(merge(before, after), STORE);

        assertThat(plan.moved()).isTrue();
        assertThat(plan.location().address()).isEqualTo("test/web-2");
    }

    @Test
    void a_package_that_was_withdrawn_since_its_merge_is_not_installed() {
        MergedChange change = withPackage();
        contents.requireInstallable(change, STORE, TODAY);

        main(change, PACKAGE + "  withdrawn: {reason: It loses orders., at: 2026-11-22}\n");

        assertThat(refusal(change, TODAY).rule()).isEqualTo("package-withdrawn");
    }

    @Test
    void a_package_is_not_installed_after_its_day() {
        MergedChange change = withPackage();

        main(change, PACKAGE + "  expires: 2026-11-22\n");

        contents.requireInstallable(change, STORE, TODAY);
        assertThat(refusal(change, TODAY.plusDays(1)).rule()).isEqualTo("package-expired");
    }

    @Test
    void a_package_that_stands_there_already_holds_up_no_other_change() {
        MergedChange brought = withPackage();
        main(brought, PACKAGE + "  withdrawn: {reason: It loses orders., at: 2026-11-22}\n");
        String now = repository.findRef(Repository.MAIN).orElseThrow();
        MergedChange other = merge(now, commit(now, withSystem(installing().replace("size: 10", "size: 20"))));

        contents.requireInstallable(other, STORE, TODAY);
    }

    @Test
    void a_package_that_does_not_fit_what_it_goes_over_is_not_installed() {
        String before = commit(
                commit(null, Map.of("targets/web-test.yaml", TARGET, "packages/shop-2-4.yaml", PACKAGE)),
                withSystem(SYSTEM));
        MergedChange change =
                merge(before, commit(before, withSystem(installing() + "  product: shop\n  version: \"1.0.0\"\n")));

        assertThat(refusal(change, TODAY).rule()).isEqualTo("package-not-applicable");
    }

    @Test
    void a_package_that_does_not_fit_what_the_target_reports_is_not_installed_whatever_the_document_says() {
        String genesis = commit(null, Map.of("targets/web-test.yaml", TARGET, "packages/shop-2-4.yaml", PACKAGE));
        String before = commit(genesis, withSystem(SYSTEM + "  product: shop\n  version: \"1.0.0\"\n"));
        MergedChange change =
                merge(before, commit(before, withSystem(installing() + "  product: shop\n  version: \"2.3.0\"\n")));
        contents.requireInstallable(change, STORE, TODAY);

        standing.put(STORE, before);

        assertThat(refusal(change, TODAY).findings())
                .extracting(Finding::rule)
                .containsExactlyInAnyOrder("package-not-applicable", "installed-version-differs");
    }

    @Test
    void a_unit_that_needs_more_room_than_its_target_has_is_not_brought_there() {
        String before = commit(null, Map.of("targets/web-test.yaml", TARGET));
        MergedChange change = merge(before, commit(before, withSystem(SYSTEM + "  capacity: {diskMebibytes: 20}\n")));
        driver.report(new Space(20 << 20, null));
        contents.requireRoom(change, STORE);

        driver.report(new Space(19 << 20, null));

        assertThat(catchThrowableOfType(Refusal.class, () -> contents.requireRoom(change, STORE))
                        .rule())
                .isEqualTo("capacity-short");
    }

    private MergedChange withPackage() {
        String before = commit(
                commit(null, Map.of("targets/web-test.yaml", TARGET, "packages/shop-2-4.yaml", PACKAGE)),
                withSystem(SYSTEM));
        return merge(before, commit(before, withSystem(installing())));
    }

    private static String installing() {
        return SYSTEM.replace("  dependsOn:", "  packages: [shop-2-4]\n  dependsOn:");
    }

    private void main(MergedChange change, String offered) {
        String commit = commit(change.after(), Map.of("packages/shop-2-4.yaml", offered));
        assertThat(repository.moveRefs(List.of(new Repository.RefMove(Repository.MAIN, null, commit))))
                .isTrue();
    }

    private Refusal refusal(MergedChange change, LocalDate today) {
        return catchThrowableOfType(Refusal.class, () -> contents.requireInstallable(change, STORE, today));
    }

    @Test
    void a_plan_that_was_not_signed_is_refused() {
        String before = commit(null, Map.of("targets/web-test.yaml", TARGET));
        MergedChange signed = merge(before, commit(before, withSystem(SYSTEM)));
        String other = commit(before, withSystem(SYSTEM.replace("PT3S", "PT9S")));
        MergedChange tampered = new MergedChange(
                signed.seq(), signed.change(), signed.manifest(), before, other, signed.units(), signed.time(), null);

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> contents.plan(tampered, STORE));

        assertThat(refusal.rule()).isEqualTo("content-mismatch");
    }

    @Test
    void the_planner_shows_keys_and_settings_and_no_secret() {
        String before = commit(commit(null, Map.of("targets/web-test.yaml", TARGET)), withSystem(SYSTEM));
        String after = commit(
                before,
                withSystem(SYSTEM.replace("size: 10", "size: 20")
                        .replace("hunter2", "hunter3")
                        .replace("PT3S", "PT9S")));

        String text = new Planner(documents)
                .plan(
                        repository.snapshot(before),
                        repository.snapshot(after),
                        merge(before, after).units())
                .text();

        assertThat(text).isEqualTo("""
                        ~ web-test/storefront-test: change
                          ~ app.yaml (100644 38 bytes, other bytes)
                              cache.size: "10" → "20"
                              password: (secret) → (another secret)
                            settings
                              health.timeout: "PT3S" → "PT9S"
                        """);
    }

    private static Map<String, String> withSystem(String system) {
        return Map.of(
                "systems/storefront/storefront-test.yaml", system, "systems/storefront/files/start.sh", "#!/bin/sh\n");
    }

    private MergedChange merge(String before, String after) {
        SystemUnits systems = new SystemUnits(documents);
        Optional<UnitContent> old = systems.find(repository.snapshot(before), STORE);
        Optional<UnitContent> now = systems.find(repository.snapshot(after), STORE);
        Manifest.UnitChange unit = new Manifest.UnitChange(
                STORE,
                new Manifest.DigestPair(
                        old.map(UnitContent::stateDigest).orElse(null),
                        now.map(UnitContent::stateDigest).orElse(null)),
                new Manifest.DigestPair(
                        old.map(UnitContent::planDigest).orElse(null),
                        now.map(UnitContent::planDigest).orElse(null)));
        return new MergedChange(
                1,
                ChangeId.parse("2026-11-21/some"),
                Sha256.of("m".getBytes(UTF_8)),
                before,
                after,
                List.of(unit),
                Instant.parse("2026-11-21T10:00:00Z"),
                null);
    }

    private String commit(@Nullable String parent, Map<String, String> files) {
        Map<String, Edit> edits = new HashMap<>();
        files.forEach((path, text) -> edits.put(path, new Edit.Write(FileMode.REGULAR, text.getBytes(UTF_8))));
        return commitEdits(parent, edits);
    }

    private String delete(String parent, String path) {
        return commitEdits(parent, Map.of(path, new Edit.Delete()));
    }

    private String commitEdits(@Nullable String parent, Map<String, Edit> edits) {
        String base = parent == null ? null : repository.getCommit(parent).treeId();
        Commit.Identity ann = new Commit.Identity("Ann", "ann@shop.example", Instant.parse("2026-11-21T10:00:00Z"));
        return repository.commit(new CommitDraft(
                repository.edit(base, edits), parent == null ? List.of() : List.of(parent), ann, ann, "Change\n"));
    }
}
