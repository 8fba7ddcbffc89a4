package countersign.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.codec.Refusal;
import countersign.log.Faults;
import countersign.repository.Repository;
import countersign.repository.object.InMemoryRepository;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks whether anything may be written looks at main as it is, and is not misled by a merge under way. */
final class MainMovedTest {
    private Shop shop;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void a_main_moved_by_hand_is_noticed_by_who_asks_and_forgotten_when_it_is_put_back() {
        shop = Shop.open(folder);
        String main = shop.changes().main();
        String other = shop.opened("raise-timeout", 60).tip().commit();

        move(main, other);

        assertThat(shop.changes().readOnlyReason())
                .hasValueSatisfying(reason -> assertThat(reason).contains(main, other));
        assertThatThrownBy(() -> shop.opened("lower-timeout", 10))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("read-only"));

        move(other, main);

        assertThat(shop.changes().readOnlyReason()).isEmpty();
    }

    @Test
    void a_merge_that_ends_between_two_looks_is_no_main_moved_by_hand() throws Exception {
        LateReader repository = new LateReader();
        shop = Shop.open(folder, repository.proxy(), Faults.NONE);
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");

        FutureTask<Optional<String>> asking =
                new FutureTask<>(() -> shop.changes().readOnlyReason());
        repository.late = new Thread(asking);
        repository.late.start();
        assertThat(repository.looking.await(60, TimeUnit.SECONDS)).isTrue();
        shop.changes().merge("raise-timeout");
        repository.merged.countDown();

        assertThat(asking.get(60, TimeUnit.SECONDS)).isEmpty();
        assertThat(shop.opened("lower-timeout", 10).number()).isEqualTo(2);
    }

    @Test
    void who_asks_while_a_merge_is_about_to_move_main_leaves_that_to_the_merge() throws Exception {
        InterruptedMove repository = new InterruptedMove(() -> shop.changes().readOnlyReason());
        shop = Shop.open(folder, repository.proxy(), Faults.NONE);
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");

        repository.merging = Thread.currentThread();
        shop.changes().merge("raise-timeout");

        assertThat(repository.asking.get(60, TimeUnit.SECONDS)).isEmpty();
        assertThat(repository.movedByWhoAsked).isFalse();
    }

    /** A repository in which somebody asks just before a merge moves main, and gets as far as he can. */
    private static final class InterruptedMove {
        private final Repository repository = new InMemoryRepository();
        private final FutureTask<Optional<String>> asking;
        private volatile Thread merging;
        private volatile Thread other;
        private volatile boolean movedByWhoAsked;

        InterruptedMove(java.util.concurrent.Callable<Optional<String>> question) {
            this.asking = new FutureTask<>(question);
        }

        Repository proxy() {
            return (Repository) Proxy.newProxyInstance(
                    InterruptedMove.class.getClassLoader(),
                    new Class<?>[] {Repository.class},
                    (self, method, arguments) -> {
                        if (method.getName().equals("moveRefs") && Thread.currentThread() == merging) {
                            merging = null;
                            letAsk();
                        }
                        movedByWhoAsked |= method.getName().equals("moveRefs") && Thread.currentThread() == other;
                        return method.invoke(repository, arguments);
                    });
        }

        private void letAsk() {
            other = new Thread(asking);
            other.start();
            while (other.isAlive() && other.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
    }

    /** A repository in which one thread learns where main is only after the merge that it overtook in the log. */
    private static final class LateReader {
        private final Repository repository = new InMemoryRepository();
        private final CountDownLatch looking = new CountDownLatch(1);
        private final CountDownLatch merged = new CountDownLatch(1);
        private volatile Thread late;

        Repository proxy() {
            return (Repository) Proxy.newProxyInstance(
                    LateReader.class.getClassLoader(), new Class<?>[] {Repository.class}, (self, method, arguments) -> {
                        if (method.getName().equals("readRef") && Thread.currentThread() == late) {
                            looking.countDown();
                            assertThat(merged.await(60, TimeUnit.SECONDS)).isTrue();
                        }
                        return method.invoke(repository, arguments);
                    });
        }
    }

    private void move(String from, String to) {
        assertThat(shop.repository.moveRefs(List.of(new Repository.RefMove(Repository.MAIN, from, to))))
                .isTrue();
    }
}
