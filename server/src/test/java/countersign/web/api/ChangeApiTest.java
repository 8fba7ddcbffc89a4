package countersign.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.change.Shop;
import countersign.codec.Sha256;
import countersign.gate.vote.Statement;
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

        vote("carol", "approver");
        vote("dave", "approver");
        vote("erin", "security");
        assertThat(ann.get(RAISE + "/gate").expect(200).json()).containsEntry("open", true);

        Answer merged = ann.post(RAISE + "/merge").expect(200);

        assertThat(merged.json()).containsEntry("state", "scheduled");
        assertThat(ann.get(ShopServer.API + "/documents/" + Shop.SYSTEM)
                        .expect(200)
                        .body())
                .contains("timeout: 60");
    }

    @Test
    void what_a_change_reaches_is_told_beside_what_its_author_declares() {
        open("raise-timeout", 60);

        Map<String, ?> impact = ann.get(RAISE + "/impact").expect(200).json();

        assertThat(impact.get("computed").toString())
                .contains("kind=SystemConfig")
                .contains("distance=0")
                .contains("kind=Target")
                .contains("pointer=/spec/targets/0");
        assertThat(impact.get("declared")).isEqualTo(Map.of("systems", List.of(), "impact", List.of()));
        assertThat((List<?>) impact.get("undeclared")).isNotEmpty();
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

    /** Tokens end sooner than that. */
    private void twoDaysLater() {
        server.shop.now.set(server.shop.now.get().plus(Duration.ofDays(2)));
        ann = server.as("ann");
    }

    @Test
    void the_risk_is_told_with_what_it_was_found_from() {
        open("raise-timeout", 60);

        Map<String, Object> risk = ann.get(RAISE + "/risk").expect(200).json();

        assertThat(risk).containsEntry("level", "critical").containsEntry("criticality", null);
        assertThat(risk.get("impact").toString()).contains("declared=null").contains("counted=high");
    }

    @Test
    void the_manifest_is_the_bytes_that_are_signed() {
        open("raise-timeout", 60);

        Answer manifest = ann.get(RAISE + "/manifest").expect(200);

        Sha256 digest = Sha256.of(manifest.response().body());
        assertThat(manifest.header("ETag")).isEqualTo("\"" + digest.hex() + "\"");
        assertThat(statement("carol", "approver").json()).containsEntry("manifest", digest.hex());
    }

    @Test
    void who_has_the_manifest_is_told_so() {
        open("raise-timeout", 60);
        String tag = ann.get(RAISE + "/manifest").header("ETag");

        Answer again = ann.get(RAISE + "/manifest", "If-None-Match", tag).expect(304);

        assertThat(again.body()).isEmpty();
        assertThat(again.header("ETag")).isEqualTo(tag);
    }

    @Test
    void the_statement_comes_as_a_file() {
        open("raise-timeout", 60);

        Answer statement = statement("carol", "approver");

        assertThat(statement.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"raise-timeout-approve.json\"");
        assertThat(statement.json()).containsEntry("person", "carol").containsEntry("client", "manual");
    }

    @Test
    void an_altered_statement_is_refused() {
        open("raise-timeout", 60);
        String statement = statement("carol", "approver").body();
        String signature = sign("carol", statement);
        String altered = statement.replace("\"role\":\"approver\"", "\"role\":\"security\"");

        Answer answer = server.as("carol", Scope.VOTE)
                .post(RAISE + "/votes", Map.of("statement", altered, "signature", signature));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(ann.get(RAISE + "/votes").items("items")).isEmpty();
    }

    @Test
    void a_second_vote_of_one_person_is_a_conflict() {
        open("raise-timeout", 60);
        vote("carol", "approver");
        String statement = statement("carol", "approver").body();

        Answer second = server.as("carol", Scope.VOTE)
                .post(RAISE + "/votes", Map.of("statement", statement, "signature", sign("carol", statement)));

        second.refused(409, "already-voted");
    }

    @Test
    void votes_are_listed_with_the_text_that_was_signed() {
        open("raise-timeout", 60);
        vote("carol", "approver");

        List<Map<String, Object>> votes = ann.get(RAISE + "/votes").expect(200).items("items");

        assertThat(votes).singleElement().satisfies(vote -> {
            assertThat(vote).containsEntry("person", "carol").containsEntry("decision", "approve");
            assertThat((String) vote.get("statement")).contains("\"person\":\"carol\"");
            assertThat((String) vote.get("signature")).startsWith("-----BEGIN SSH SIGNATURE-----");
        });
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
    void the_difference_shows_the_lines() {
        open("raise-timeout", 60);

        List<Map<String, Object>> files = ann.get(RAISE + "/diff").expect(200).items("files");

        assertThat(files)
                .filteredOn(file -> file.get("path").equals(Shop.SYSTEM))
                .singleElement()
                .satisfies(file -> assertThat((String) file.get("text"))
                        .contains("-      data: {timeout: 30}\n+      data: {timeout: 60}\n"));
    }

    @Test
    void the_plan_comes_as_text_or_as_keys() {
        open("raise-timeout", 60);

        Answer keys = ann.get(RAISE + "/plan").expect(200);
        Answer text = ann.get(RAISE + "/plan", "Accept", "text/plain").expect(200);

        assertThat(keys.items("units"))
                .singleElement()
                .satisfies(unit -> assertThat(unit)
                        .containsEntry("target", "web-production")
                        .containsEntry("system", "checkout-production")
                        .containsEntry("action", "change"));
        assertThat(keys.body()).contains("\"timeout\"");
        assertThat(text.body()).contains("web-production/checkout-production").contains("timeout");
        assertThat(text.header("ETag")).isNotEqualTo(keys.header("ETag"));
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

    @Test
    void findings_of_a_sound_change_do_not_block() {
        open("raise-timeout", 60);

        assertThat(ann.get(RAISE + "/findings").expect(200).json()).containsEntry("blocked", false);
    }

    private void open(String name, int timeout) {
        ann.post(CHANGES, opening(name, timeout)).expect(201);
    }

    private void vote(String person, String role) {
        String statement = statement(person, role).body();
        server.as(person, Scope.VOTE)
                .post(RAISE + "/votes", Map.of("statement", statement, "signature", sign(person, statement)))
                .expect(201);
    }

    private Answer statement(String person, String role) {
        return server.as(person, Scope.VOTE)
                .post(RAISE + "/statements", Map.of("decision", "approve", "role", role))
                .expect(201);
    }

    private static String sign(String person, String statement) {
        return Shop.key(person).sign(Statement.NAMESPACE, statement.getBytes(StandardCharsets.UTF_8));
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
