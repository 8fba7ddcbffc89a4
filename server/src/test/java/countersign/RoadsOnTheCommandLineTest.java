package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.Terminal.Said;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The roads beside the normal one, by the command line: granted rollbacks, emergencies, overrides, withdrawals, waivers. */
final class RoadsOnTheCommandLineTest {
    private static final String PRODUCTION = "systems/storefront/storefront-production.yaml";

    @AutoClose
    private static final ServedShop shop = ServedShop.start();

    @Test
    void a_granted_rollback_is_opened_triggered_by_one_signature_and_merged() {
        Path anns = shop.clone("ann");
        shop.writeChange(anns, "granted", 51);
        request(anns, "granted", text -> text + "  rollback:\n    roles: [change-control]\n    for: PT48H\n");
        push(anns, "granted");
        sign("carol", "approve", "granted", "approver").expect(0);
        shop.terminal("carol").run("change", "merge", "granted").expect(0);

        Said opened = shop.terminal("ann").run("change", "rollback", "granted").expect(0);
        String name = opened.out().replaceAll("(?s).*change plan (\\S+).*", "$1");
        Said triggered = sign("frank", "trigger", name, "change-control").expect(0);
        Said merged = shop.terminal("frank").run("change", "merge", name).expect(0);

        assertThat(opened.out()).contains("countersign change trigger " + name + " --role");
        assertThat(triggered.out()).contains("rollback ", " as frank, change-control", "signed with SHA256:");
        assertThat(merged.out()).contains("merged ");
        assertThat(shop.terminal("ann").run("change", "show", "granted").out()).contains("state      rolled-back");
    }

    @Test
    void an_emergency_merges_by_change_control_alone_and_shows_what_it_owes_until_that_is_signed() {
        Path anns = shop.clone("ann");
        shop.pushFrom(anns, "urgent", () -> {
            request(anns, "urgent", text -> text.replace("type: \"normal\"", "type: \"emergency\""));
            ServedShop.edit(
                    anns.resolve(PRODUCTION), text -> text.replaceAll("cache-seconds: \\d+", "cache-seconds: 52"));
        });
        sign("frank", "approve", "urgent", "change-control").expect(0);
        shop.terminal("frank").run("change", "merge", "urgent").expect(0);

        Said owing = shop.terminal("ann").run("change", "show", "urgent").expect(0);
        Said json =
                shop.terminal("ann").run("change", "show", "urgent", "--json").expect(0);
        sign("carol", "approve", "urgent", "approver").expect(0);
        sign("dave", "approve", "urgent", "approver").expect(0);
        sign("erin", "approve", "urgent", "security").expect(0);
        Said settled = shop.terminal("ann").run("change", "show", "urgent").expect(0);

        assertThat(owing.out())
                .contains("owes       signatures until 20", "approve-production", "needs 2 approver, has 0")
                .doesNotContain("OVERDUE");
        assertThat(json.json().get("owed")).asString().contains("needs 1 security, has 0");
        assertThat(settled.out()).doesNotContain("owes ");
    }

    @Test
    void an_override_of_what_is_not_there_is_refused_with_what_is() {
        Path anns = shop.clone("ann");
        shop.pushFrom(
                anns,
                "misspelt",
                () -> ServedShop.edit(
                        anns.resolve(PRODUCTION), text -> text.replaceAll("page-size: \\d+", "page-size: 53")));

        Said misspelt = override("frank", "misspelt", "change-control", "aprove-production");
        Said notNamed = override("carol", "misspelt", "approver", "approve-production");

        misspelt.refused("not-overridable");
        assertThat(misspelt.err()).contains("aprove-production", "name one of approve-production");
        notNamed.refused("override-not-permitted");
        assertThat(notNamed.err()).contains("set aside by change-control, not by approver");
        assertThat(shop.terminal("ann").run("change", "show", "misspelt").out()).doesNotContain("override");
        override("frank", "misspelt", "change-control", "approve-production").expect(0);
    }

    @Test
    void a_withdrawal_is_signed_in_the_role_of_what_it_takes_back_which_is_shown_as_withdrawn() {
        shop.push("thought-again", 54);
        sign("carol", "approve", "thought-again", "approver").expect(0);

        Said withdrawn = run("carol", "change", "withdraw", "thought-again").expect(0);
        Said again = run("carol", "change", "withdraw", "thought-again");

        assertThat(withdrawn.out()).contains("as carol, approver");
        again.refused("nothing-to-withdraw");
        assertThat(shop.terminal("ann").run("change", "show", "thought-again").out())
                .containsPattern("vote       carol approve as approver, log entry \\d+, until \\S+ \\(withdrawn\\)")
                .containsPattern("vote       carol withdraw as approver, log entry \\d+, until \\S+\n");
    }

    @Test
    void waivers_are_listed_with_their_end_and_what_they_excuse() {
        Said listed = shop.terminal("ann").run("waiver", "list").expect(0);
        Said json = shop.terminal("ann").run("waiver", "list", "--json").expect(0);

        assertThat(listed.out())
                .contains("order-database-before-staging from environment-order, whose policy judges changes\n")
                .doesNotContain("UNUSED");
        assertThat(json.items("items"))
                .extracting(waiver -> waiver.get("policy"))
                .containsExactly("environment-order");
        shop.host().run("waiver", "list").refused("no-server-url");
    }

    @Test
    void what_failed_at_its_target_is_shown_with_the_reason_once_it_was_taken_back() {
        Path anns = shop.clone("ann");
        shop.writeChange(anns, "unhealthy", 57);
        ServedShop.edit(
                anns.resolve("systems/storefront/storefront-test.yaml"),
                text -> text.replace("contains: \"catalogue.cache-seconds=\"", "contains: \"nowhere=\""));
        push(anns, "unhealthy");
        sign("carol", "approve", "unhealthy", "approver").expect(0);
        shop.terminal("carol").run("change", "merge", "unhealthy").expect(0);
        Terminal ann = shop.terminal("ann");
        ann.run("watch", "--after", "oldest", "--change", "unhealthy", "--until", "unit.rolled-back")
                .expect(0);

        Said shown = ann.run("change", "show", "unhealthy").expect(0);
        Said json = ann.run("change", "show", "unhealthy", "--json").expect(0);
        Said watched = ann.run("watch", "--after", "oldest", "--change", "unhealthy", "--until", "unit.failed")
                .expect(0);

        assertThat(shown.out())
                .contains("state      failed")
                .containsPattern(
                        "unit       web-test/storefront-test rolled-back, log entry \\d+: health-failed: cache-is-set");
        assertThat(json.out()).contains("\"reason\" : \"health-failed: cache-is-set");
        assertThat(watched.out()).contains("web-test  storefront-test  health-failed: cache-is-set");
    }

    private static void request(Path clone, String name, UnaryOperator<String> words) {
        ServedShop.edit(ServedShop.requestFile(clone, name), words);
    }

    private static void push(Path clone, String name) {
        ServedShop.commit(clone, name);
        ServedShop.run(clone, "git", "push", "-q", "origin", "HEAD:refs/heads/change/" + name);
    }

    private static Said sign(String person, String verb, String change, String role) {
        return run(person, "change", verb, change, "--role", role);
    }

    private static Said override(String person, String change, String role, String rule) {
        return run(
                person,
                "change",
                "override",
                change,
                "--role",
                role,
                "--rule",
                rule,
                "--reason",
                "An outage of the shop.");
    }

    private static Said run(String person, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--key", String.valueOf(shop.key(person))));
        return shop.terminal(person).run(all.toArray(String[]::new));
    }
}
