package countersign.change;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.log.Faults;
import countersign.repository.Repository;
import countersign.repository.object.InMemoryRepository;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API opens or withdraws is on the disk, its branch too, when it is acknowledged. */
final class OpeningForcedTest {
    private final List<String> calls = new ArrayList<>();
    private Shop shop;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        shop = Shop.open(folder, recording(new InMemoryRepository()), Faults.NONE);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void the_branch_of_a_change_is_moved_before_everything_is_forced() {
        calls.clear();

        shop.opened("raise-timeout", 60);

        assertThat(calls).containsSubsequence("moveRefs", "force");
    }

    @Test
    void so_is_the_end_of_one_that_is_withdrawn() {
        shop.opened("raise-timeout", 60);
        calls.clear();

        shop.changes().withdraw("raise-timeout", "ann");

        assertThat(calls).containsSubsequence("moveRefs", "force");
    }

    private Repository recording(Repository repository) {
        return (Repository) Proxy.newProxyInstance(
                OpeningForcedTest.class.getClassLoader(),
                new Class<?>[] {Repository.class},
                (self, method, arguments) -> {
                    calls.add(method.getName());
                    return method.invoke(repository, arguments);
                });
    }
}
