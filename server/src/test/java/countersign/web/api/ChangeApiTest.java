package countersign.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.repository.Edit;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import countersign.web.ShopServer.Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class ChangeApiTest {
    private static final String CHANGES = ShopServer.API + "/changes";
    private static final String RAISE = CHANGES + "/raise-timeout";

    @AutoClose
    private final ShopServer server = ShopServer.start();

    private Client ann = server.as("ann");

    @Test
    void a_change_goes_from_its_opening_to_its_merge_over_http() {
        Answer opened = ann.post(CHANGES, opening("raise-timeout", 60)).expect(201);
        assertThat(opened.header("Location")).isEqualTo(RAISE);
        assertThat(opened.json()).containsEntry("state", "review").containsEntry("requester", "ann");

        server.vote("raise-timeout", "carol", "approver");
        server.vote("raise-timeout", "dave", "approver");
        server.vote("raise-timeout", "erin", "security");
        assertThat(ann.get(RAISE + "/gate").expect(200).json()).containsEntry("open", true);

        Answer merged = ann.post(RAISE + "/merge").expect(200);

        assertThat(merged.json()).containsEntry("state", "scheduled");
        assertThat(ann.get(ShopServer.API + "/documents/" + Shop.SYSTEM)
                        .expect(200)
                        .body())
                .contains("timeout: 60");
    }

    @Test
    void what_waits_for_a_decision_is_listed_by_urgency_and_what_is_late_says_so() {
        open("raise-timeout", 60);
        twoDaysLater();
        open("raise-more", 90);
        twoDaysLater();

        Answer byDeadline = ann.get(CHANGES + "?sort=deadline&limit=1").expect(200);
        Answer late = ann.get(CHANGES + "?late=true").expect(200);

        assertThat(byDeadline.items("items"))
                .singleElement()
                .satisfies(change -> assertThat(change)
                        .containsEntry("name", "raise-timeout")
                        .containsEntry("priority", 3L)
                        .containsEntry("late", true));
        assertThat(ann.get(CHANGES + "?sort=deadline&cursor="
                                + byDeadline.json().get("next"))
                        .items("items"))
                .singleElement()
                .satisfies(change -> assertThat(change).containsEntry("name", "raise-more"));
        assertThat(late.items("items")).hasSize(1);
        assertThat(ann.get(CHANGES + "?sort=whim").rule()).isEqualTo("unknown-order");
        assertThat(ann.get(CHANGES + "?late=true&state=review").rule()).isEqualTo("contradicting-parameters");
    }

    @Test
    void a_merge_that_the_gate_does_not_allow_is_refused_with_what_is_missing() {
        open("raise-timeout", 60);

        Answer refused = ann.post(RAISE + "/merge").refused(422, "requirement-unmet");

        assertThat(refused.items("findings")).isNotEmpty();
    }

    @Test
    void a_merge_of_another_effect_than_was_seen_is_refused() {
        open("raise-timeout", 60);
        String seen = ann.get(RAISE + "/manifest").header("ETag");
        ann.post(RAISE + "/revisions", revision(90)).expect(200);

        Answer refused = ann.send("POST", RAISE + "/merge", "", "If-Match", seen);

        refused.refused(412, "precondition-failed");
    }

    @Test
    void a_revision_of_a_change_that_moved_on_is_refused() {
        open("raise-timeout", 60);
        String seen = ann.get(RAISE).header("ETag");
        ann.post(RAISE + "/revisions", revision(90), "If-Match", seen).expect(200);

        Answer refused = ann.post(RAISE + "/revisions", revision(120), "If-Match", seen);

        refused.refused(412, "precondition-failed");
    }

    @Test
    void a_broken_document_makes_a_draft_whose_findings_have_their_place() {
        String broken = Shop.system("production", 60).replace("classification:", "clasification:");

        Answer opened = ann.post(CHANGES, opening("raise-timeout", Map.of(Shop.SYSTEM, broken)))
                .expect(201);

        assertThat(opened.json()).containsEntry("state", "draft");
        Answer findings = ann.get(RAISE + "/findings").expect(200);
        assertThat(findings.json()).containsEntry("blocked", true);
        assertThat(findings.items("items")).anySatisfy(finding -> {
            assertThat(finding.get("place")).asString().contains(Shop.SYSTEM);
            assertThat((String) finding.get("message")).contains("clasification");
        });
        assertThat(ann.get(RAISE + "/manifest").expect(422).items("findings")).isNotEmpty();
    }

    @Test
    void a_private_key_is_refused_with_its_place_and_is_not_repeated() {
        String key = """
                -----BEGIN OPENSSH PRIVATE KEY-----
                b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ
                -----END OPENSSH PRIVATE KEY-----
                """;

        Answer refused = ann.post(CHANGES, opening("key", Map.of("docs/key.md", key)));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.items("findings"))
                .anySatisfy(
                        finding -> assertThat(finding.get("place")).asString().contains("docs/key.md"));
        assertThat(refused.body()).doesNotContain("b3BlbnNzaC1rZXkt");
        ann.get(CHANGES + "/key").refused(404, "no-such-change");
    }

    @Test
    void payload_comes_as_base64() {
        byte[] bytes = {0, 1, 2, (byte) 0xff};
        Map<String, Object> opening = opening("logo", Map.of());
        files(opening)
                .add(Map.of(
                        "path",
                        "systems/checkout/files/logo.bin",
                        "contentBase64",
                        Base64.getEncoder().encodeToString(bytes)));

        ann.post(CHANGES, opening).expect(201);

        String tip = server.shop.changes().get("logo").tip().commit();
        assertThat(server.shop.repository.snapshot(tip).read("systems/checkout/files/logo.bin", 100))
                .isEqualTo(bytes);
    }

    @Test
    void a_file_with_two_contents_is_refused() {
        Map<String, Object> opening = opening("both", Map.of());
        files(opening).add(Map.of("path", "README.md", "content", "x", "delete", true));

        ann.post(CHANGES, opening).refused(422, "missing-field");
    }

    @Test
    void a_field_that_nobody_knows_is_refused() {
        Map<String, Object> opening = opening("more", Map.of("README.md", "# x\n"));
        opening.put("mesage", "typing error");

        ann.post(CHANGES, opening).refused(422, "unknown-field");
    }

    @Test
    void a_taken_name_is_a_conflict() {
        open("raise-timeout", 60);

        ann.post(CHANGES, opening("raise-timeout", 90)).refused(409, "duplicate-name");
    }

    @Test
    void an_unknown_change_is_not_found() {
        ann.get(CHANGES + "/nowhere").refused(404, "no-such-change");
        ann.get(CHANGES + "/nowhere/manifest").refused(404, "no-such-change");
        ann.post(CHANGES + "/nowhere/merge").refused(404, "no-such-change");
    }

    @Test
    void a_withdrawn_change_is_closed() {
        open("raise-timeout", 60);

        Answer withdrawn = ann.post(RAISE + "/withdraw").expect(200);

        assertThat(withdrawn.json()).containsEntry("state", "withdrawn");
        ann.post(RAISE + "/withdraw").refused(409, "change-closed");
    }

    @Test
    void a_merged_change_is_rolled_back_by_a_change_of_its_own() {
        server.shop.merged("raise-timeout", 60);

        Answer rollback = server.as("frank").post(RAISE + "/rollback").expect(201);

        assertThat(rollback.json())
                .containsEntry("operation", "rollback")
                .containsEntry("of", Shop.DAY + "/raise-timeout");
    }

    @Test
    void a_rollback_that_would_trample_a_later_change_is_a_conflict() {
        server.shop.merged("raise-timeout", 60);
        server.shop.merged("raise-more", 90);

        Answer refused = server.as("frank").post(RAISE + "/rollback").refused(409, "rollback-would-trample");

        assertThat(refused.body()).contains(Shop.SYSTEM);
    }

    @Test
    void pages_of_changes_join_without_gap_or_repetition() {
        for (int i = 1; i <= 5; i++) {
            server.shop.open("ann", "change-" + i, Map.of("docs/page-" + i + ".md", "# Page\n"));
        }

        List<Object> names = new ArrayList<>();
        Object next = "";
        for (int page = 0; next != null && page < 10; page++) {
            Answer answer = ann.get(CHANGES + "?limit=2" + (next.equals("") ? "" : "&cursor=" + next))
                    .expect(200);
            answer.items("items").forEach(change -> names.add(change.get("name")));
            next = answer.json().get("next");
        }

        assertThat(names).containsExactly("change-5", "change-4", "change-3", "change-2", "change-1");
    }

    @Test
    void changes_are_listed_by_state() {
        open("raise-timeout", 60);
        server.shop.open("ann", "readme", Map.of("README.md", "# Shop\n"));
        ann.post(RAISE + "/withdraw").expect(200);

        List<Map<String, Object>> withdrawn =
                ann.get(CHANGES + "?state=withdrawn").expect(200).items("items");

        assertThat(withdrawn).extracting(change -> change.get("name")).containsExactly("raise-timeout");
        ann.get(CHANGES + "?state=unheard-of").refused(422, "unknown-state");
    }

    @Test
    void a_made_up_cursor_and_a_limit_without_sense_are_refused() {
        ann.get(CHANGES + "?cursor=!").refused(400, "malformed-cursor");
        ann.get(CHANGES + "?limit=0").refused(400, "limit-out-of-range");
        ann.get(CHANGES + "?limit=99999999999").refused(400, "limit-out-of-range");
        ann.get(CHANGES + "?limit=ten").refused(400, "malformed-number");
    }

    /** Tokens end sooner than that. */
    private void twoDaysLater() {
        server.shop.now.set(server.shop.now.get().plus(Duration.ofDays(2)));
        ann = server.as("ann");
    }

    private void open(String name, int timeout) {
        ann.post(CHANGES, opening(name, timeout)).expect(201);
    }

    private static Map<String, Object> revision(int timeout) {
        return Map.of("files", List.of(Map.of("path", Shop.SYSTEM, "content", Shop.system("production", timeout))));
    }

    private static Map<String, Object> opening(String name, int timeout) {
        return opening(name, Map.of(Shop.SYSTEM, Shop.system("production", timeout)));
    }

    private static Map<String, Object> opening(String name, Map<String, String> contents) {
        List<Map<String, Object>> files = new ArrayList<>();
        Shop.opening("ann", name, contents)
                .edits()
                .forEach((path, edit) -> files.add(Map.of(
                        "path", path, "content", new String(((Edit.Write) edit).bytes(), StandardCharsets.UTF_8))));
        return new java.util.HashMap<>(Map.of("message", "Change " + name, "files", files));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> files(Map<String, Object> opening) {
        return (List<Map<String, Object>>) opening.get("files");
    }
}
