package countersign.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class PartsTest {
    private static final Pattern HELP = Pattern.compile("parts: ([a-z ]+); only if named: ([a-z ]+)");

    @Test
    void what_takes_long_is_measured_only_if_it_is_named() {
        assertThat(Parts.whole().chosen(List.of())).doesNotContainKeys("memory", "growth");
        assertThat(Parts.whole().chosen(List.of("memory"))).containsOnlyKeys("memory");
    }

    @Test
    void a_name_chooses_every_size() {
        assertThat(Parts.whole().chosen(List.of("changes"))).containsOnlyKeys("changes-1000", "changes-10000");
        assertThat(Parts.quick().chosen(List.of("changes", "log"))).containsOnlyKeys("log", "changes-1000");
    }

    @Test
    void a_name_that_is_no_part_is_refused_with_those_that_are() {
        Throwable refused = catchThrowable(() -> Parts.whole().chosen(List.of("log", "nonsense")));

        assertThat(refused)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nonsense")
                .hasMessageContaining("growth");
    }

    @Test
    void every_part_has_an_end_and_a_quick_look_has_no_part_of_its_own() {
        assertThat(Parts.whole().chosen(List.of()).values())
                .allSatisfy(part -> assertThat(part.mostSeconds()).isBetween(10L, 300L));
        assertThat(Parts.whole().chosen(List.of()).keySet())
                .containsAll(Parts.quick().chosen(List.of()).keySet());
    }

    @Test
    void servers_are_measured_as_the_launcher_runs_them() throws Exception {
        String launcher = Files.readString(Path.of("server/src/launcher/countersign"));

        assertThat(Launched.server(2)).allSatisfy(option -> assertThat(launcher).contains(option));
        assertThat(Launched.server(4)).isEqualTo(Launched.server(2).subList(0, 1));
        assertThat(Parts.whole().get("changes-1000").options()).isEqualTo(Launched.server());
    }

    @Test
    void the_help_names_every_part() throws Exception {
        Matcher help = HELP.matcher(Files.readString(Path.of("dev")));

        assertThat(help.find()).isTrue();
        assertThat(Parts.whole().chosen(List.of()).keySet())
                .extracting(part -> part.replaceAll("-\\d+", ""))
                .containsOnly(help.group(1).split(" "));
        assertThat(Parts.whole().chosen(List.of(help.group(2).split(" "))).values())
                .allMatch(Parts.Part::onlyByName);
    }
}
