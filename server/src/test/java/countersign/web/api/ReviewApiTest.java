package countersign.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.change.Shop;
import countersign.change.wish.Opening;
import countersign.codec.Sha256;
import countersign.repository.Edit;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import countersign.web.ShopServer.Client;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What people see and sign of a change, over HTTP. */
final class ReviewApiTest {
    private static final String RAISE = ShopServer.API + "/changes/raise-timeout";

    @AutoClose
    private final ShopServer server = ShopServer.start();

    private final Client ann = server.as("ann");

    @Test
    void what_a_change_reaches_is_told_beside_what_its_author_declares() {
        server.shop.opened("raise-timeout", 60);

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
    void open_changes_that_are_in_each_other_s_way_are_told_as_they_stand_now() {
        server.shop.opened("raise-timeout", 60);
        server.shop.opened("raise-more", 90);

        assertThat(ann.get(RAISE + "/conflicts").expect(200).items("items"))
                .singleElement()
                .satisfies(conflict -> assertThat(conflict)
                        .containsEntry("name", "raise-more")
                        .containsEntry("paths", List.of(Shop.SYSTEM))
                        .containsEntry("targets", List.of("web-production"))
                        .containsEntry("times", "same"));
        server.shop.changes().withdraw("raise-more", "ann");

        assertThat(ann.get(RAISE + "/conflicts").expect(200).items("items")).isEmpty();
    }

    @Test
    void when_a_change_may_merge_is_told_with_every_move_of_it() {
        server.shop.opened("raise-timeout", 60);

        assertThat(ann.get(RAISE + "/schedule").expect(200).json()).isEqualTo(emptySchedule());
        server.shop
                .changes()
                .revise(
                        "ann",
                        "raise-timeout",
                        new Opening(
                                "Only at night",
                                Map.of("changes/" + Shop.DAY + "/raise-timeout.yaml", Shop.write(request() + """
                                      window: {notBefore: "2026-11-21T22:00:00Z", notAfter: "2026-11-21T23:00:00Z"}
                                    """))));

        Map<String, Object> schedule = ann.get(RAISE + "/schedule").expect(200).json();
        assertThat(schedule)
                .containsEntry(
                        "window", Map.of("notBefore", "2026-11-21T22:00:00Z", "notAfter", "2026-11-21T23:00:00Z"));
        assertThat(schedule.get("moved").toString())
                .contains("revision=2")
                .contains("from=null")
                .contains("reason=Only at night")
                .contains("person=ann");
        ann.get(ShopServer.API + "/changes/no-such/schedule").refused(404, "no-such-change");
    }

    private static Map<String, Object> emptySchedule() {
        Map<String, Object> empty = new HashMap<>();
        empty.put("window", null);
        empty.put("moved", List.of());
        return empty;
    }

    private static String request() {
        Edit edit = Shop.opening("ann", "raise-timeout", Map.of())
                .edits()
                .get("changes/" + Shop.DAY + "/raise-timeout.yaml");
        return new String(((Edit.Write) edit).bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void the_risk_is_told_with_what_it_was_found_from() {
        server.shop.opened("raise-timeout", 60);

        Map<String, Object> risk = ann.get(RAISE + "/risk").expect(200).json();

        assertThat(risk).containsEntry("level", "critical").containsEntry("criticality", null);
        assertThat(risk.get("impact").toString()).contains("declared=null").contains("counted=high");
    }

    @Test
    void the_manifest_is_the_bytes_that_are_signed() {
        server.shop.opened("raise-timeout", 60);

        Answer manifest = ann.get(RAISE + "/manifest").expect(200);

        Sha256 digest = Sha256.of(manifest.response().body());
        assertThat(manifest.header("ETag")).isEqualTo("\"" + digest.hex() + "\"");
        assertThat(server.statement("raise-timeout", "carol", "approver").json())
                .containsEntry("manifest", digest.hex());
    }

    @Test
    void who_has_the_manifest_is_told_so() {
        server.shop.opened("raise-timeout", 60);
        String tag = ann.get(RAISE + "/manifest").header("ETag");

        Answer again = ann.get(RAISE + "/manifest", "If-None-Match", tag).expect(304);

        assertThat(again.body()).isEmpty();
        assertThat(again.header("ETag")).isEqualTo(tag);
    }

    @Test
    void the_statement_comes_as_a_file() {
        server.shop.opened("raise-timeout", 60);

        Answer statement = server.statement("raise-timeout", "carol", "approver");

        assertThat(statement.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"raise-timeout-approve.json\"");
        assertThat(statement.json()).containsEntry("person", "carol").containsEntry("client", "manual");
    }

    @Test
    void an_altered_statement_is_refused() {
        server.shop.opened("raise-timeout", 60);
        String statement =
                server.statement("raise-timeout", "carol", "approver").body();
        String signature = ShopServer.sign("carol", statement);
        String altered = statement.replace("\"role\":\"approver\"", "\"role\":\"security\"");

        Answer answer = server.as("carol", Scope.VOTE)
                .post(RAISE + "/votes", Map.of("statement", altered, "signature", signature));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(ann.get(RAISE + "/votes").items("items")).isEmpty();
    }

    @Test
    void a_second_vote_of_one_person_is_a_conflict() {
        server.shop.opened("raise-timeout", 60);
        server.vote("raise-timeout", "carol", "approver");
        String statement =
                server.statement("raise-timeout", "carol", "approver").body();

        Answer second = server.as("carol", Scope.VOTE)
                .post(
                        RAISE + "/votes",
                        Map.of("statement", statement, "signature", ShopServer.sign("carol", statement)));

        second.refused(409, "already-voted");
    }

    @Test
    void votes_are_listed_with_the_text_that_was_signed() {
        server.shop.opened("raise-timeout", 60);
        server.vote("raise-timeout", "carol", "approver");

        List<Map<String, Object>> votes = ann.get(RAISE + "/votes").expect(200).items("items");

        assertThat(votes).singleElement().satisfies(vote -> {
            assertThat(vote).containsEntry("person", "carol").containsEntry("decision", "approve");
            assertThat((String) vote.get("statement")).contains("\"person\":\"carol\"");
            assertThat((String) vote.get("signature")).startsWith("-----BEGIN SSH SIGNATURE-----");
        });
    }

    @Test
    void the_difference_shows_the_lines() {
        server.shop.opened("raise-timeout", 60);

        List<Map<String, Object>> files = ann.get(RAISE + "/diff").expect(200).items("files");

        assertThat(files)
                .filteredOn(file -> file.get("path").equals(Shop.SYSTEM))
                .singleElement()
                .satisfies(file -> assertThat((String) file.get("text"))
                        .contains("-      data: {timeout: 30}\n+      data: {timeout: 60}\n"));
    }

    @Test
    void the_plan_comes_as_text_or_as_keys() {
        server.shop.opened("raise-timeout", 60);

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
    void findings_of_a_sound_change_do_not_block() {
        server.shop.opened("raise-timeout", 60);

        assertThat(ann.get(RAISE + "/findings").expect(200).json()).containsEntry("blocked", false);
    }
}
