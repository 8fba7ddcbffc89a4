package countersign.web.discussion;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import countersign.web.ShopServer.Client;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CommentApiTest {
    private static final String COMMENTS = ShopServer.API + "/changes/longer/comments";

    private final ShopServer server = ShopServer.start();
    private final Client ann = server.as("ann");
    private final Client carol = server.as("carol");

    @BeforeEach
    void opens() {
        server.shop.opened("longer", 40);
    }

    @AfterEach
    void closes() {
        server.close();
    }

    @Test
    void a_thread_about_a_line_is_replied_to_resolved_and_reopened() {
        Answer first = carol.post(COMMENTS, Map.of("text", "Why *40*?", "path", Shop.SYSTEM, "line", 3))
                .expect(201);
        Answer reply = ann.post(COMMENTS, Map.of("text", "Measured.", "replyTo", id(first)))
                .expect(201);
        Answer resolved = carol.post(COMMENTS + "/" + id(reply) + "/resolve").expect(200);

        assertThat(first.json())
                .containsEntry("person", "carol")
                .containsEntry("line", 3L)
                .containsEntry("thread", id(first));
        assertThat(reply.json()).containsEntry("thread", id(first)).containsEntry("path", Shop.SYSTEM);
        assertThat(resolved.json()).containsEntry("id", id(first)).containsEntry("resolvedBy", "carol");
        assertThat(carol.get(COMMENTS + "?unresolved=true").expect(200).items("items"))
                .isEmpty();
        assertThat(ann.post(COMMENTS + "/" + id(first) + "/reopen").expect(200).json())
                .containsEntry("resolvedBy", null);
        assertThat(carol.get(COMMENTS + "?unresolved=true").expect(200).items("items"))
                .hasSize(2);
    }

    @Test
    void only_who_said_it_says_it_otherwise_and_what_it_said_is_kept() {
        Answer said = carol.post(COMMENTS, Map.of("text", "first")).expect(201);
        String path = COMMENTS + "/" + id(said);

        ann.send("PATCH", path, "{\"text\":\"mine now\"}").refused(403, "not-yours");
        Answer edited = carol.send("PATCH", path, "{\"text\":\"second\"}").expect(200);

        assertThat(edited.json()).containsEntry("text", "second").containsEntry("edits", 1L);
        assertThat(ann.get(path + "/versions").expect(200).items("items"))
                .singleElement()
                .satisfies(version -> assertThat(version).containsEntry("text", "first"));
    }

    @Test
    void what_is_said_is_told_to_who_watches_without_the_text() {
        Answer said = carol.post(COMMENTS, Map.of("text", "A customer's name")).expect(201);
        carol.send("PATCH", COMMENTS + "/" + id(said), "{\"text\":\"No name\"}").expect(200);
        carol.post(COMMENTS + "/" + id(said) + "/resolve").expect(200);
        carol.post(COMMENTS + "/" + id(said) + "/reopen").expect(200);

        Answer events =
                ann.get(ShopServer.API + "/events?after=oldest&change=longer").expect(200);

        assertThat(events.items("items"))
                .extracting(event -> event.get("type"))
                .endsWith("comment.added", "comment.edited", "thread.resolved", "thread.reopened");
        assertThat(events.body()).doesNotContain("customer");
    }

    @Test
    void pages_follow_each_other() {
        for (int i = 0; i < 5; i++) {
            carol.post(COMMENTS, Map.of("text", "no. " + i)).expect(201);
        }

        Answer first = ann.get(COMMENTS + "?limit=3").expect(200);
        Answer second =
                ann.get(COMMENTS + "?limit=3&after=" + first.json().get("next")).expect(200);

        assertThat(first.items("items")).hasSize(3);
        assertThat(second.items("items"))
                .extracting(comment -> comment.get("text"))
                .isEqualTo(List.of("no. 3", "no. 4"));
        assertThat(second.json()).containsEntry("next", null);
        assertThat(ann.get(COMMENTS, "If-None-Match", ann.get(COMMENTS).header("ETag"))
                        .status())
                .isEqualTo(304);
    }

    @Test
    void a_merged_change_can_be_talked_about() {
        server.shop.approve("longer");
        server.shop.changes().merge("longer");

        carol.post(COMMENTS, Map.of("text", "It helped.", "requirement", "production"))
                .expect(201);
    }

    @Test
    void what_is_no_comment_is_refused() {
        server.shop.opened("shorter", 20);
        Answer elsewhere = carol.post(ShopServer.API + "/changes/shorter/comments", Map.of("text", "x"))
                .expect(201);

        carol.post(COMMENTS, Map.of("text", " ")).refused(422, "malformed-comment");
        carol.post(COMMENTS, Map.of("text", "x".repeat(16_001))).refused(422, "malformed-comment");
        carol.post(COMMENTS, Map.of("text", "\u202Egnirts")).refused(422, "malformed-comment");
        carol.post(COMMENTS, Map.of("text", "x", "path", "systems/none.yaml")).refused(404, "no-such-file");
        carol.post(COMMENTS, Map.of("text", "x", "path", Shop.SYSTEM, "line", 9_999))
                .refused(422, "no-such-line");
        carol.post(COMMENTS, Map.of("text", "x", "line", 1)).refused(422, "missing-field");
        assertThat(carol.post(COMMENTS, Map.of("text", "x", "requirement", "prodcution"))
                        .refused(404, "unknown-requirement")
                        .body())
                .contains("production");
        carol.post(COMMENTS, Map.of("text", "x", "replyTo", id(elsewhere))).refused(404, "no-such-comment");
        carol.post(COMMENTS + "/" + id(elsewhere) + "/resolve").refused(404, "no-such-comment");
        carol.post(ShopServer.API + "/changes/none/comments", Map.of("text", "x"))
                .refused(404, "no-such-change");
    }

    private static Object id(Answer answer) {
        return answer.json().get("id");
    }
}
