package countersign.merge;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.codec.Sha256;
import countersign.log.LogEntry;
import countersign.manifest.ChangeId;
import countersign.manifest.FileState;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which merges a preview outlives. The previewed change alters a system of the family checkout. */
final class PreviewsTest {
    private static final String CART = "systems/cart/cart-production.yaml";
    private static final FileState ONE = new FileState("100644", Sha256.of(new byte[] {1}));
    private static final FileState TWO = new FileState("100644", Sha256.of(new byte[] {2}));

    private final Previews previews = new Previews(computed -> {});
    private Shop shop;
    private Preview preview;
    private int computed;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        shop = Shop.open(folder);
        shop.opened("raise-timeout", 60);
        preview = shop.changes().preview("raise-timeout");
        previews.get(preview.request().id(), "first", preview.main(), this::compute);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void a_preview_outlives_merges_of_other_systems() {
        merged(preview.main(), "b", altering(CART));
        merged("b", "c", altering("systems/search/search-test.yaml"));

        assertThat(previews.getEquivalent(preview.request().id(), "first", "c", this::compute))
                .isSameAs(preview);
        assertThat(computed).isEqualTo(1);
    }

    @Test
    void for_a_merge_it_is_worked_out_against_present_main_all_the_same() {
        merged(preview.main(), "b", altering(CART));

        previews.get(preview.request().id(), "first", "b", this::compute);

        assertThat(computed).isEqualTo(2);
    }

    @Test
    void a_merge_of_the_same_family_ends_it() {
        merged(preview.main(), "b", altering("systems/checkout/checkout-test.yaml"));

        assertThat(isKept("b")).isFalse();
    }

    @Test
    void a_merge_that_does_more_than_alter_files_of_systems_ends_it() {
        Stream.of(
                        altering("access/people/ann.yaml"),
                        altering("policies/all.yaml"),
                        altering("targets/web-test.yaml"),
                        altering("countersign.yaml"),
                        altering("README.md"),
                        manifest(CART, null, TWO),
                        manifest(CART, ONE, null))
                .forEach(manifest -> {
                    merged(preview.main(), "b", manifest);

                    assertThat(isKept("b")).as(manifest.files().toString()).isFalse();
                });
    }

    @Test
    void a_main_that_no_known_merge_leads_to_ends_it() {
        merged("elsewhere", "b", altering(CART));

        assertThat(isKept("b")).isFalse();
    }

    @Test
    void a_change_that_alters_a_path_of_a_merge_has_to_be_reviewed() {
        assertThat(previews.touching(altering(Shop.SYSTEM)))
                .containsExactly(preview.request().id());
        assertThat(previews.touching(altering(CART))).isEmpty();
    }

    @Test
    void a_change_that_was_merged_is_not_reviewed_any_more() {
        previews.merged(new Ledger.Merge(
                preview.request().id(),
                new Merged("b", preview.main(), 1, Instant.EPOCH, ONE.sha256()),
                new LogEntry.Merge(1, preview.main(), "b", ONE.sha256(), ONE.sha256(), ONE.sha256(), Instant.EPOCH),
                altering(Shop.SYSTEM)));

        assertThat(previews.touching(altering(Shop.SYSTEM))).isEmpty();
    }

    @Test
    void another_revision_of_the_same_change_is_worked_out() {
        previews.get(preview.request().id(), "second", preview.main(), this::compute);

        assertThat(computed).isEqualTo(2);
    }

    private boolean isKept(String main) {
        int before = computed;
        previews.getEquivalent(preview.request().id(), "first", main, this::compute);
        return computed == before;
    }

    private Preview compute() {
        computed++;
        return preview;
    }

    private void merged(String before, String after, Manifest manifest) {
        Sha256 digest = manifest.digest();
        LogEntry.Merge entry = new LogEntry.Merge(1, before, after, digest, digest, digest, Instant.EPOCH);
        previews.merged(new Ledger.Merge(
                manifest.change(), new Merged(after, before, 1, Instant.EPOCH, digest), entry, manifest));
    }

    private static Manifest altering(String path) {
        return manifest(path, ONE, TWO);
    }

    /** A manifest that adds its request, as every one does, and does something to another path. */
    private static Manifest manifest(String path, @Nullable FileState before, @Nullable FileState after) {
        ChangeId change = ChangeId.parse("2026-11-21/other");
        return new Manifest(
                1,
                "id",
                "origin",
                change,
                Operation.APPLY,
                null,
                List.of("ann"),
                List.of(
                        new Manifest.FileChange(change.document(), null, ONE),
                        new Manifest.FileChange(path, before, after)),
                List.of(),
                null,
                null,
                null);
    }
}
