package countersign.web.api.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LineDiffTest {
    @Test
    void equal_texts_have_no_difference() {
        assertThat(diff(List.of("a", "b"), List.of("a", "b"), 3)).isEmpty();
        assertThat(diff(List.of(), List.of(), 3)).isEmpty();
    }

    @Test
    void a_line_that_changes_goes_and_comes_among_its_neighbours() {
        assertThat(diff(List.of("a", "b", "c"), List.of("a", "x", "c"), 1)).isEqualTo("""
                @@ -1,3 +1,3 @@
                 a
                -b
                +x
                 c
                """);
    }

    @Test
    void a_new_and_a_deleted_text_have_one_hunk() {
        assertThat(diff(List.of(), List.of("a", "b"), 3)).isEqualTo("@@ -0,0 +1,2 @@\n+a\n+b\n");
        assertThat(diff(List.of("a", "b"), List.of(), 3)).isEqualTo("@@ -1,2 +0,0 @@\n-a\n-b\n");
    }

    @Test
    void differences_that_are_far_apart_have_hunks_of_their_own() {
        List<String> before =
                IntStream.rangeClosed(1, 20).mapToObj(Integer::toString).toList();
        List<String> after = new ArrayList<>(before);
        after.set(1, "two");
        after.remove(18);

        assertThat(diff(before, after, 1)).isEqualTo("""
                @@ -1,3 +1,3 @@
                 1
                -2
                +two
                 3
                @@ -18,3 +18,2 @@
                 18
                -19
                 20
                """);
    }

    @Test
    void the_difference_of_texts_that_are_too_different_is_still_true() {
        List<String> before =
                IntStream.range(0, 3_000).mapToObj(i -> "before " + i).toList();
        List<String> after =
                IntStream.range(0, 3_000).mapToObj(i -> "after " + i).toList();

        List<String> lines = diff(before, after, 3).lines().toList();

        assertThat(lines)
                .hasSize(6_001)
                .startsWith("@@ -1,3000 +1,3000 @@", "-before 0")
                .endsWith("+after 2999");
    }

    @Test
    void applying_a_difference_gives_the_other_text_whatever_the_texts_are() {
        long seed = 42;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<String> before = text(random);
            List<String> after = text(random);

            List<String> lines = diff(before, after, 1_000).lines().toList();

            assertThat(side(lines, '-', before))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(before);
            assertThat(side(lines, '+', after))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(after);
        }
    }

    private static List<String> side(List<String> lines, char sign, List<String> whenEqual) {
        return lines.isEmpty()
                ? whenEqual
                : lines.stream()
                        .skip(1)
                        .filter(line -> line.charAt(0) == sign || line.charAt(0) == ' ')
                        .map(line -> line.substring(1))
                        .toList();
    }

    private static List<String> text(Random random) {
        return random.ints(random.nextInt(12), 0, 4).mapToObj(Integer::toString).toList();
    }

    private static String diff(List<String> before, List<String> after, int context) {
        return LineDiff.of(before, after).unified(context);
    }
}
