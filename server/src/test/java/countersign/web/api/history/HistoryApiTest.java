package countersign.web.api.history;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.change.wish.Opening;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import countersign.web.ShopServer.Client;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class HistoryApiTest {
    private static final String HISTORY = ShopServer.API + "/history";

    @AutoClose
    private final ShopServer server = ShopServer.start();

    private final Shop shop = server.shop;
    private final Client grace = server.as("bob");

    @Test
    void merges_are_listed_newest_first_by_every_parameter() {
        shop.merged("first", 60);
        Change second = shop.merged("second", 61);

        Answer all = grace.get(HISTORY).expect(200);

        assertThat(all.items("items"))
                .extracting(item -> item.get("change"))
                .containsExactly("2026-11-21/second", "2026-11-21/first");
        assertThat(all.items("items").get(0))
                .containsEntry("seq", 2L)
                .containsEntry("title", "Give checkout another time-out")
                .containsEntry("after", Objects.requireNonNull(second.merged()).commit());
        assertThat(all.json()).containsEntry("next", null);
        for (String good : List.of(
                "path=" + Shop.SYSTEM,
                "document=SystemConfig/checkout-production",
                "system=checkout-production",
                "target=web-production",
                "person=erin",
                "classification=public",
                "environment=production",
                "q=payments%20tim",
                "since=2026-11-21T10:00:00Z&until=2026-11-21T18:00:00%2B08:00")) {
            assertThat(grace.get(HISTORY + "?" + good).expect(200).items("items"))
                    .as(good)
                    .hasSize(2);
        }
        for (String none :
                List.of("key=tls", "person=erin&environment=test", "q=nowhere", "since=2026-11-22T00:00:00Z")) {
            assertThat(grace.get(HISTORY + "?" + none).expect(200).items("items"))
                    .as(none)
                    .isEmpty();
        }
    }

    @Test
    void pages_follow_each_other_to_the_end() {
        for (int i = 0; i < 5; i++) {
            shop.merged("change-" + i, 60 + i);
        }
        List<Object> seen = new ArrayList<>();

        String cursor = "";
        Object next;
        do {
            Answer page = grace.get(HISTORY + "?limit=2&system=checkout-production" + cursor)
                    .expect(200);
            page.items("items").forEach(item -> seen.add(item.get("seq")));
            next = page.json().get("next");
            cursor = "&before=" + next;
            shop.merged("later-" + seen.size(), 100 + seen.size());
        } while (next != null);

        assertThat(seen).containsExactly(5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void an_answer_that_is_known_is_not_sent_again() {
        shop.merged("first", 60);
        String tag = grace.get(HISTORY).expect(200).header("ETag");

        grace.get(HISTORY, "If-None-Match", tag).expect(304);
    }

    @Test
    void an_export_is_complete_and_holds_no_formula() {
        merge("plain", "A, \"quoted\" title");
        merge("evil", "=HYPERLINK(\"http://evil.example\")");
        shop.merged("last", 60);

        Answer byHeader = grace.get(HISTORY, "Accept", "text/csv").expect(200);
        Answer byFormat = grace.get(HISTORY + "?format=csv&limit=1").expect(200);

        assertThat(byHeader.header("Content-Type")).startsWith("text/csv");
        assertThat(byFormat.body()).isEqualTo(byHeader.body()).endsWith("\r\n");
        String[] lines = byHeader.body().split("\r\n");
        assertThat(lines).hasSize(4);
        assertThat(lines[0]).isEqualTo("seq,index,time,change,title,operation,of,type,requester,before,after");
        assertThat(lines[1]).contains(",2026-11-21/last,Give checkout another time-out,apply,,normal,ann,");
        assertThat(lines[2]).contains(",\"'=HYPERLINK(\"\"http://evil.example\"\")\",");
        assertThat(lines[3]).contains(",\"A, \"\"quoted\"\" title\",");
    }

    @Test
    void a_malformed_question_is_refused_with_its_rule() {
        grace.get(HISTORY + "?since=yesterday").refused(400, "malformed-time");
        grace.get(HISTORY + "?limit=201").refused(400, "limit-out-of-range");
        grace.get(HISTORY + "?before=x").refused(400, "malformed-number");
        grace.get(HISTORY + "?document=checkout").refused(400, "malformed-document-name");
        grace.get(HISTORY + "?format=xml").refused(400, "unknown-format");
        grace.get(HISTORY + "?q=--").refused(400, "nothing-to-search");
        grace.get(ShopServer.API + "/state").refused(400, "missing-parameter");
        grace.get(ShopServer.API + "/approvers?at=2026-11-21T10:00:00Z").refused(400, "missing-parameter");
    }

    @Test
    void blame_leads_from_a_path_to_the_signatures_on_its_last_change() {
        shop.merged("first", 60);
        shop.merged("second", 61);

        Answer blame = grace.get(ShopServer.API + "/blame/" + Shop.SYSTEM).expect(200);

        assertThat(blame.json()).extractingByKey("merge").asString().contains("2026-11-21/second");
        assertThat(blame.items("signatures"))
                .extracting(
                        signature -> signature.get("person"),
                        signature -> signature.get("role"),
                        signature -> signature.get("key"),
                        signature -> signature.get("grant"))
                .contains(Tuple.tuple(
                        "erin",
                        "security",
                        Shop.key("erin").publicKey().fingerprint(),
                        "access/grants/erin-security.yaml"));
        grace.get(ShopServer.API + "/blame/README.md").refused(404, "no-such-history");
    }

    @Test
    void a_file_is_shown_as_it_stood_at_a_time() {
        Instant before = shop.now.get();
        shop.now.set(before.plusSeconds(60));
        Change change = shop.merged("raise-timeout", 60);

        Answer old = grace.get(state(before.plusSeconds(59), Shop.SYSTEM)).expect(200);
        Answer young = grace.get(state(before.plusSeconds(60), Shop.SYSTEM)).expect(200);

        assertThat(old.body()).contains("timeout: 30");
        assertThat(young.body()).contains("timeout: 60");
        assertThat(young.json())
                .containsEntry("commit", Objects.requireNonNull(change.merged()).commit())
                .containsEntry(
                        "contentRoot",
                        shop.repository
                                .snapshot(change.merged().commit())
                                .contentRoot()
                                .hex());
        grace.get(state(before, change.id().document())).refused(404, "no-such-file");
        grace.get(state(before.minusSeconds(1), Shop.SYSTEM)).refused(404, "no-such-time");
        assertThat(grace.get(ShopServer.API + "/state?at=" + before).expect(200).json())
                .containsEntry("file", null);
    }

    @Test
    void who_could_approve_is_told_by_rule_and_role() {
        Answer answer = grace.get(ShopServer.API + "/approvers?at=" + shop.now.get() + "&path=" + Shop.SYSTEM)
                .expect(200);

        assertThat(answer.items("rules")).extracting(rule -> rule.get("name")).containsExactly("all", "production");
        assertThat(answer.items("rules").get(1).get("roles").toString())
                .contains("carol", "dave", "erin", "access/grants/carol-approver.yaml")
                .doesNotContain("heidi", "frank");
    }

    private static String state(Instant at, String path) {
        return ShopServer.API + "/state?at=" + at + "&path=" + URLEncoder.encode(path, StandardCharsets.UTF_8);
    }

    /** A merge of a request with this title. */
    private void merge(String name, String title) {
        Opening opening = Shop.opening("ann", name, Map.of("notes/" + name + ".md", name));
        Map<String, Edit> edits = new HashMap<>(opening.edits());
        edits.computeIfPresent("changes/" + Shop.DAY + "/" + name + ".yaml", (path, edit) -> {
            String request = new String(((Edit.Write) edit).bytes(), StandardCharsets.UTF_8);
            String renamed = request.replace("Give checkout another time-out", "'" + title + "'");
            return new Edit.Write(FileMode.REGULAR, renamed.getBytes(StandardCharsets.UTF_8));
        });
        shop.changes().open("ann", new Opening(opening.message(), edits));
        shop.approve(name);
        shop.changes().merge(name);
    }
}
