package countersign.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.codec.Sha256;
import countersign.document.Kind;
import countersign.document.schema.Schemas;
import countersign.manifest.Unit;
import countersign.repository.Repository;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import countersign.web.ShopServer.Client;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class RepositoryApiTest {
    private static final String API = ShopServer.API;

    @AutoClose
    private final ShopServer server = ShopServer.start();

    private final Client bob = server.as("bob");

    @Test
    void anybody_reads_the_schema_of_each_kind_and_keeps_it_by_its_tag() {
        Client anybody = server.anonymous();
        for (Kind kind : Kind.values()) {
            String path = "/schemas/v1/" + kind.label() + ".json";

            Answer schema = anybody.get(path).expect(200);

            assertThat(schema.response().body()).isEqualTo(Schemas.published(kind));
            anybody.get(path, "If-None-Match", schema.header("ETag")).expect(304);
            assertThat(anybody.get("/schemas/v1").expect(200).body()).contains(path);
        }
        anybody.get("/schemas/v1/Nothing.json").expect(404);
    }

    @Test
    void the_repository_says_what_it_is() {
        Map<String, Object> repository =
                bob.get(API + "/repository").expect(200).json();

        assertThat(repository)
                .containsEntry("origin", "shop.example/log")
                .containsEntry("main", server.shop.changes().main())
                .containsEntry("readOnly", null);
        assertThat((String) repository.get("cloneUrl")).startsWith("http://shop.example/git/");
        assertThat(repository.get("serverKeys"))
                .isEqualTo(List.of(server.shop.serverKey.publicKey().line()));
    }

    @Test
    void a_document_comes_as_its_bytes_and_not_again_to_who_has_it() {
        Answer first = bob.get(API + "/documents/" + Shop.SYSTEM).expect(200);
        String tag = "\"" + Sha256.of(first.response().body()).hex() + "\"";

        assertThat(first.body()).isEqualTo(Shop.system("production", 30));
        assertThat(first.header("ETag")).isEqualTo(tag);
        assertThat(first.header("Content-Type")).isEqualTo("application/yaml");
        bob.get(API + "/documents/" + Shop.SYSTEM, "If-None-Match", tag).expect(304);
        bob.get(API + "/documents/" + Shop.SYSTEM, "If-None-Match", "\"other\", " + tag)
                .expect(304);
        bob.get(API + "/documents/" + Shop.SYSTEM, "If-None-Match", "\"other\"").expect(200);
    }

    @Test
    void a_document_is_the_new_one_once_a_change_is_merged() {
        String before = bob.get(API + "/documents/" + Shop.SYSTEM).header("ETag");
        String readme = bob.get(API + "/documents/README.md").header("ETag");

        server.shop.merged("raise-timeout", 60);

        Answer after = bob.get(API + "/documents/" + Shop.SYSTEM, "If-None-Match", before)
                .expect(200);
        assertThat(after.body()).contains("timeout: 60");
        bob.get(API + "/documents/README.md", "If-None-Match", readme).expect(304);
    }

    @Test
    void what_is_no_file_of_main_is_not_found() {
        bob.get(API + "/documents/systems").refused(404, "no-such-file");
        bob.get(API + "/documents/no/such.yaml").refused(404, "no-such-file");
        bob.get(API + "/documents/systems/..%2FREADME.md").refused(404, "no-such-file");
    }

    @Test
    void allowed_signers_names_the_server_and_every_key_of_a_person() {
        String file = bob.get(API + "/allowed-signers").expect(200).body();

        assertThat(file.lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("server ")
                        .contains("git")
                        .contains(server.shop.serverKey.publicKey().line()))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("ann,ann@shop.example ")
                        .contains("vote@countersign.dev")
                        .contains(Shop.key("ann").publicKey().line()));
        assertThat(file.lines().filter(line -> line.startsWith("carol,"))).hasSize(2);
    }

    @Test
    void targets_say_what_is_to_stand_and_what_stands() {
        Unit production = new Unit("web-production", "checkout-production");
        String desired = (String) unit(production).get("desired");
        assertThat(unit(production))
                .containsEntry("recorded", null)
                .containsEntry("current", false)
                .containsEntry("held", false);

        server.recorded.put(production, new Sha256(desired));

        assertThat(unit(production)).containsEntry("recorded", desired).containsEntry("current", true);
    }

    @Test
    void a_server_whose_main_was_moved_says_so_and_takes_nothing() {
        server.shop.opened("raise-timeout", 60);
        Repository repository = server.shop.repository;
        String main = server.shop.changes().main();
        String tip = server.shop.changes().get("raise-timeout").tip().commit();
        repository.moveRefs(List.of(new Repository.RefMove(Repository.MAIN, main, tip)));

        bob.post(API + "/changes/raise-timeout/merge").refused(503, "read-only");

        assertThat((String) bob.get(API + "/repository").expect(200).json().get("readOnly"))
                .contains(tip)
                .contains(main);
        server.anonymous().get("/readyz").refused(503, "read-only");
        server.anonymous().get("/healthz").expect(200);
    }

    @Test
    void a_server_that_applies_nothing_says_so_and_still_lives() {
        server.anonymous().get("/readyz").expect(200);

        server.applyProblem("environment: no space left");

        assertThat(server.anonymous()
                        .get("/readyz")
                        .refused(503, "apply-stopped")
                        .body())
                .contains("no space left");
        server.anonymous().get("/healthz").expect(200);
    }

    private Map<String, Object> unit(Unit unit) {
        return bob.get(API + "/targets").expect(200).items("items").stream()
                .filter(item -> item.get("target").equals(unit.target())
                        && item.get("system").equals(unit.system()))
                .findFirst()
                .orElseThrow();
    }
}
