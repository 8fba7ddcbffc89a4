package countersign.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RememberedTest {
    private final Remembered<Integer> remembered = new Remembered<>(100);

    @Test
    void it_holds_as_much_after_many_facts_as_after_few() {
        IntStream.range(0, 10_000).forEach(i -> remembered.put("fact " + i, i));

        assertThat(held(10_000)).isBetween(100L, 200L);
        assertThat(remembered.find("fact 9999")).contains(9_999);
    }

    @Test
    void what_is_asked_for_again_and_again_stays() {
        remembered.put("mine", -1);
        for (int i = 0; i < 10_000; i++) {
            remembered.put("fact " + i, i);
            assertThat(remembered.find("mine")).contains(-1);
        }

        assertThat(held(10_000)).isLessThanOrEqualTo(200);
    }

    @Test
    void a_fact_is_found_out_once_while_it_is_remembered() {
        List<String> foundOut = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            assertThat(remembered.get("one", () -> {
                        foundOut.add("one");
                        return 1;
                    }))
                    .isEqualTo(1);
        }

        assertThat(foundOut).hasSize(1);
    }

    @Test
    void one_that_knows_another_answers_with_what_that_knows_and_tells_it_nothing() {
        Remembered<Integer> above = new Remembered<>(100, remembered);
        remembered.put("below", 1);
        above.put("above", 2);

        assertThat(above.find("below")).contains(1);
        assertThat(remembered.find("above")).isEmpty();
    }

    private long held(int facts) {
        return IntStream.range(0, facts)
                .filter(i -> remembered.find("fact " + (facts - 1 - i)).isPresent())
                .count();
    }
}
