package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.Terminal.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Stopping everything and letting it go on, by the command line against a real server. */
final class StopOnTheCommandLineTest {
    @AutoClose
    private final ServedShop shop = ServedShop.start();

    @Test
    void one_person_stops_all_merges_everybody_sees_it_and_it_goes_on_when_that_is_ordered() {
        shop.push("waits-for-the-end", 31);
        Terminal carol = shop.terminal("carol").with("COUNTERSIGN_KEY", String.valueOf(shop.key("carol")));
        assertThat(carol.run("stop").expect(0).out()).isEqualTo("nothing is stopped\n");

        Said stopped = order("frank", "stop", "change-control", "An attack.").expect(0);
        carol.run("change", "approve", "waits-for-the-end", "--role", "approver")
                .expect(0);

        assertThat(stopped.out())
                .contains("stop everything as frank, change-control: An attack.", "stopped, log entry ");
        assertThat(carol.run("stop").expect(0).out()).contains("by frank (change-control, log entry ", "An attack.");
        assertThat(carol.run("stop", "--json").expect(0).json()).containsEntry("stopped", true);
        Said held = carol.run("change", "merge", "waits-for-the-end");
        held.refused("stopped");
        assertThat(held.err()).contains("by frank", "An attack.", "countersign resume");
        assertThat(carol.run("change", "gate", "waits-for-the-end").expect(1).out())
                .contains("waits-for-the-end is shut", "  stopped: ", "An attack.");
        order("frank", "stop", "change-control", "Another.").refused("already-stopped");

        Said resumed = order("frank", "resume", "change-control", "Repelled.").expect(0);
        assertThat(carol.run("change", "gate", "waits-for-the-end").expect(0).out())
                .contains("is open")
                .doesNotContain("stopped");
        carol.run("change", "merge", "waits-for-the-end").expect(0);

        assertThat(resumed.out()).contains("resumed, log entry ");
        assertThat(carol.run("stop").out()).isEqualTo("nothing is stopped\n");
        order("frank", "resume", "change-control", "Again.").refused("not-stopped");
    }

    @Test
    void an_order_without_its_role_or_its_reason_is_a_wrong_command_line_and_is_not_signed() {
        Terminal frank = shop.terminal("frank").with("COUNTERSIGN_KEY", String.valueOf(shop.key("frank")));
        Map<String, List<String>> missing = Map.of(
                "--role", List.of("stop", "--reason", "An attack."),
                "--reason", List.of("stop", "--role", "change-control"));

        missing.forEach((option, words) -> {
            Said said = frank.run(words.toArray(String[]::new)).expect(2);
            assertThat(said.err()).contains("Missing required option: '" + option);
            assertThat(said.out()).isEmpty();
        });
        assertThat(frank.run("resume").expect(2).err()).contains("Missing required option: '--role");
    }

    @Test
    void who_does_not_hold_a_role_that_stops_is_refused_with_those_that_do() {
        Said wrongRole = order("carol", "stop", "approver", "I want to.");
        Said notGranted = order("carol", "stop", "change-control", "I want to.");

        wrongRole.refused("role-not-granted");
        notGranted.refused("role-not-granted");
        assertThat(wrongRole.err()).contains("change-control");
        assertThat(shop.terminal("carol").run("stop").out()).isEqualTo("nothing is stopped\n");
    }

    @Test
    void a_dry_run_stops_nothing() {
        Said shown = shop.terminal("frank")
                .run("stop", "--role", "change-control", "--reason", "An attack.", "--dry-run")
                .expect(0);

        assertThat(shown.out()).contains("stop everything as frank", "nothing was signed");
        assertThat(shop.terminal("frank").run("stop").out()).isEqualTo("nothing is stopped\n");
    }

    private Said order(String person, String... words) {
        List<String> all = new ArrayList<>(List.of(words[0], "--role", words[1], "--reason", words[2]));
        all.addAll(List.of("--key", String.valueOf(shop.key(person))));
        return shop.terminal(person).run(all.toArray(String[]::new));
    }
}
