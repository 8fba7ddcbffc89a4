package countersign.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Refusal;
import countersign.log.copy.LogProof;
import countersign.log.copy.LogReader;
import countersign.log.tile.TileSource;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import countersign.web.ShopServer.Client;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LogApiTest {
    private static final String LOG = ShopServer.API + "/log/";

    @AutoClose
    private final ShopServer server = ShopServer.start();

    private Client grace;

    @BeforeEach
    void opens() {
        server.shop.merged("raise-timeout", 60);
        grace = server.as("bob");
    }

    @Test
    void a_reader_that_trusts_only_signatures_verifies_the_whole_log_over_http() {
        TileSource overHttp = path -> Optional.of(grace.get(LOG + path))
                .filter(answer -> answer.status() == 200)
                .map(answer -> answer.response().body());

        LogReader.Verified verified = new LogReader(overHttp, server.shop.signers.trust()).verify();

        assertThat(verified.checkpoint()).isEqualTo(server.shop.log().checkpoint());
        assertThat(verified.entries().count()).isEqualTo(5);
    }

    @Test
    void tiles_may_be_kept_for_ever_and_the_checkpoint_may_not() {
        Answer tile = grace.get(LOG + "tile/0/000.p/5").expect(200);
        Answer checkpoint = grace.get(LOG + "checkpoint").expect(200);

        assertThat(tile.header("Cache-Control")).contains("immutable");
        assertThat(checkpoint.header("Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void a_tile_that_is_not_there_or_is_no_tile_is_not_found() {
        grace.get(LOG + "tile/0/001").refused(404, "no-such-tile");
        grace.get(LOG + "tile/0/..%2F..%2Fjournal").refused(404, "no-such-tile");
        grace.get(LOG + "tile/journal").refused(404, "no-such-tile");
    }

    @Test
    void a_proof_leads_from_an_entry_to_the_signed_checkpoint() {
        byte[] proof = grace.get(LOG + "proof/2").expect(200).response().body();

        LogProof read = LogProof.parse(proof);

        assertThat(read.index()).isEqualTo(2);
        assertThat(read.verify(server.shop.log().entry(2), server.shop.signers.trust())
                        .checkpoint())
                .isEqualTo(server.shop.log().checkpoint());
    }

    @Test
    void a_proof_of_an_entry_that_is_not_there_is_not_found() {
        grace.get(LOG + "proof/99").refused(404, "outside-of-log");
        grace.get(LOG + "proof/two").refused(400, "malformed-number");
    }

    @Test
    void entries_come_in_pages_with_their_exact_text() {
        Answer first = grace.get(LOG + "entries?limit=3").expect(200);
        Answer second =
                grace.get(LOG + "entries?from=" + first.json().get("next")).expect(200);

        List<Map<String, Object>> items = first.items("items");
        assertThat(items).extracting(item -> item.get("type")).containsExactly("genesis", "statement", "statement");
        assertThat(items.get(1).get("text"))
                .isEqualTo(new String(server.shop.log().entry(1), StandardCharsets.UTF_8));
        assertThat(second.items("items")).extracting(item -> item.get("type")).containsExactly("statement", "merge");
        assertThat(second.json()).containsEntry("next", null).containsEntry("size", 5L);
    }

    @Test
    void entries_beyond_the_end_are_an_empty_page() {
        Answer answer = grace.get(LOG + "entries?from=99").expect(200);

        assertThat(answer.items("items")).isEmpty();
    }

    @Test
    void a_tampered_tile_is_noticed_by_the_reader() {
        TileSource tampering = path -> Optional.of(grace.get(LOG + path)).map(answer -> {
            byte[] bytes = answer.response().body();
            bytes[0] ^= path.startsWith("tile/0/") ? (byte) 1 : 0;
            return bytes;
        });

        LogReader reader = new LogReader(tampering, server.shop.signers.trust());

        org.assertj.core.api.Assertions.assertThatThrownBy(reader::verify).isInstanceOf(Refusal.class);
    }
}
