package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The past, by the command line, against a real server with its database. */
final class HistoryOnTheCommandLineTest {
    @AutoClose
    private static final ServedShop shop = ServedShop.start();

    @BeforeAll
    static void merges() {
        shop.push("raise-cache", 61);
        Terminal carol =
                shop.terminal("carol").with("COUNTERSIGN_KEY", shop.key("carol").toString());
        carol.run("change", "approve", "raise-cache", "--role", "approver", "--reason", "Looks right.")
                .expect(0);
        carol.run("change", "merge", "raise-cache").expect(0);
    }

    @Test
    void merges_are_listed_for_people_for_programs_and_for_spreadsheets() {
        Terminal dave = shop.terminal("dave");

        String listed = dave.run("history", "--person", "carol", "--search", "slow pag")
                .expect(0)
                .out();
        Terminal.Said json = dave.run("history", "--path", ServedShop.SETTINGS, "--format", "json")
                .expect(0);
        Terminal.Said same =
                dave.run("history", "--path", ServedShop.SETTINGS, "--json").expect(0);
        String csv = dave.run("history", "--system", "storefront-test", "--format", "csv")
                .expect(0)
                .out();
        String none =
                dave.run("history", "--environment", "production").expect(0).out();

        assertThat(dave.run("history", "--help").expect(0).out()).contains("text, json, csv. Default: text.");
        assertThat(listed).contains("     1  ", "/raise-cache  Raise the cache (ann)");
        assertThat(json.items("items")).hasSize(1);
        assertThat(same.json()).isEqualTo(json.json());
        assertThat(csv.split("\r\n")).hasSize(2);
        assertThat(none).contains("nothing was merged");
        dave.run("history", "--since", "yesterday").refused("malformed-time");
        dave.run("history", "--format", "xml").expect(2);
    }

    @Test
    void blame_names_the_change_and_who_signed_it() {
        String blame = shop.terminal("dave")
                .run("history", "blame", ServedShop.SETTINGS)
                .expect(0)
                .out();

        assertThat(blame)
                .contains("/raise-cache  Raise the cache (ann)", "approve by carol as approver", ": Looks right.")
                .contains("access/grants/carol-approver.yaml");
    }

    @Test
    void a_file_is_printed_as_it_stood() {
        Terminal dave = shop.terminal("dave");
        String later = Instant.now().plusSeconds(3600).toString();

        assertThat(dave.run("history", "state", "--at", later, ServedShop.SETTINGS)
                        .expect(0)
                        .out())
                .contains("kind: SystemConfig", "cache-seconds: 61");
        assertThat(dave.run("history", "state", "--at", later).expect(0).out()).contains("content root  ");
        dave.run("history", "state", "--at", "2020-01-01T00:00:00Z").refused("no-such-time");
        dave.run("history", "state", ServedShop.SETTINGS).expect(2);
    }

    @Test
    void who_could_approve_is_named_by_rule_and_role() {
        String later = Instant.now().plusSeconds(60).toString();

        String approvers = shop.terminal("dave")
                .run("history", "approvers", "--at", later, ServedShop.SETTINGS)
                .expect(0)
                .out();

        assertThat(approvers)
                .contains("approver:", "    carol  by access/grants/carol-approver.yaml", "SHA256:")
                .contains("and at least 1 who did not contribute");
    }
}
