package countersign.git.object;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.repository.Commit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MainlineTest {
    private static final Commit.Identity ANN = new Commit.Identity("Ann", "ann@example.org", Instant.EPOCH);

    private final Map<String, Commit> commits = new HashMap<>();
    private final Mainline mainline = new Mainline(id -> Optional.ofNullable(commits.get(id)), 100);

    @Test
    void a_branch_that_main_has_left_behind_forks_where_it_left() {
        String start = commit();
        String tip = commit(commit(start));
        mainline.findFork(start, tip);
        String main = merge(merge(start, commit(start)), commit(start));

        assertThat(mainline.findFork(main, tip).map(Mainline.Fork::base)).contains(start);
    }

    @Test
    void a_branch_on_top_of_another_forks_where_the_other_was_merged_and_not_before() {
        String start = commit();
        String other = commit(start);
        String tip = commit(other);
        mainline.findFork(start, tip);
        String main = merge(start, other);

        assertThat(mainline.findFork(main, tip).map(Mainline.Fork::base)).contains(other);
        assertThat(mainline.findFork(start, tip).map(Mainline.Fork::base)).contains(start);
    }

    @Test
    void what_it_tells_of_any_history_is_what_a_walk_over_all_of_it_finds() {
        Random random = new Random(7);
        List<String> all = new ArrayList<>(List.of(commit()));
        List<String> mains = new ArrayList<>(all);
        int told = 0;
        for (int i = 0; i < 3_000; i++) {
            String near = all.get(all.size() - 1 - random.nextInt(Math.min(all.size(), 12)));
            String main = mains.get(mains.size() - 1);
            switch (random.nextInt(12)) {
                case 0 -> all.add(commit(near, all.get(random.nextInt(all.size()))));
                case 1, 2, 3 -> {
                    mains.add(merge(main, near));
                    all.add(mains.get(mains.size() - 1));
                }
                default -> all.add(commit(near));
            }
            String asked = mains.get(mains.size() - 1 - random.nextInt(Math.min(mains.size(), 3)));
            told += compare(asked, all.get(all.size() - 1 - random.nextInt(Math.min(all.size(), 12)))) ? 1 : 0;
        }

        assertThat(told).isGreaterThan(300);
    }

    @Test
    void it_holds_as_much_after_many_merges_as_after_few() {
        String main = commit();
        String old = commit(main);
        mainline.findFork(main, main);
        for (int i = 0; i < 1_000; i++) {
            main = merge(main, commit(commit(main)));
            mainline.findFork(main, main);
        }
        String left = main;
        for (int i = 0; i < 20; i++) {
            main = merge(main, commit(commit(main)));
            mainline.findFork(main, main);
        }

        assertThat(mainline.size()).isLessThanOrEqualTo(150);
        assertThat(mainline.findFork(main, old)).isEmpty();
        assertThat(mainline.findFork(main, commit(left)).map(Mainline.Fork::base))
                .contains(left);
    }

    private boolean compare(String main, String tip) {
        Optional<Mainline.Fork> fork = mainline.findFork(main, tip);
        Set<String> ofMain = ancestors(main);
        fork.ifPresent(found -> {
            Set<String> since = ancestors(tip);
            since.removeAll(ofMain);
            assertThat(ofMain).contains(found.base());
            assertThat(found.since().stream().map(Commit::id)).containsExactlyInAnyOrderElementsOf(since);
        });
        return fork.isPresent();
    }

    private Set<String> ancestors(String tip) {
        Set<String> seen = new HashSet<>();
        List<String> open = new ArrayList<>(List.of(tip));
        while (!open.isEmpty()) {
            String next = open.remove(open.size() - 1);
            if (seen.add(next)) {
                open.addAll(commits.get(next).parents());
            }
        }
        return seen;
    }

    private String merge(String main, String branch) {
        return commit(main, branch);
    }

    private String commit(String... parents) {
        String id = "%040x".formatted(commits.size());
        commits.put(id, new Commit(id, id, List.of(parents), ANN, ANN, "Change\n", null, new byte[0]));
        return id;
    }
}
