package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A bad merge is applied, named bad by the offline key, and taken back, all by the command line and stock programs. */
final class BadMergesOnTheCommandLineTest {
    private static final String GOOD = "catalogue.cache-seconds=71";
    private static final String BAD = "catalogue.cache-seconds=72";

    @Test
    void a_bad_merge_is_taken_back_by_the_offline_key_alone() {
        try (ServedShop shop = ServedShop.start()) {
            merge(shop, "good", 71);
            awaitStanding(shop, GOOD);
            merge(shop, "bad", 72);
            awaitStanding(shop, BAD);
            Terminal ann = shop.terminal("ann");
            String statement = shop.folder().resolve("statement.json").toString();

            String history = ann.run("history").expect(0).out();
            Terminal.Said opened = ann.run(
                            "change",
                            "recover",
                            "take-back",
                            "--bad",
                            "2",
                            "--title",
                            "Take it back",
                            "--reason",
                            "Bad.")
                    .expect(0);
            ann.run("change", "recover", "more", "--bad", "2-9", "--title", "Too much")
                    .refused("recovery-range");
            ann.run("change", "recover", "more", "--bad", "all", "--title", "Too much")
                    .refused("recovery-range");
            Terminal carol = shop.terminal("carol");
            carol.run("change", "merge", "take-back").refused("requirement-unmet");
            Terminal.Said prepared = carol.run(
                            "change",
                            "recover",
                            "take-back",
                            "--recovery-key",
                            shop.key("recovery") + ".pub",
                            "--out",
                            statement)
                    .expect(0);
            shop.sign("recovery", statement);
            carol.run("change", "recover", "take-back", "--statement", statement, "--signature", statement + ".sig")
                    .expect(0);
            carol.run("change", "merge", "take-back").expect(0);
            awaitStanding(shop, GOOD);
            Path clone = shop.clone("carol");
            Terminal.Said verified = carol.run("verify", "--genesis", shop.genesis(), clone.toString())
                    .expect(0);

            assertThat(history).contains("     2  ", "/bad  ");
            assertThat(opened.out()).contains("opened ", "take-back");
            assertThat(prepared.out()).contains("bad           merge 2", "new head", "as recovery-1");
            assertThat(verified.out())
                    .contains("BAD: named bad by recovery #3")
                    .contains("names merge 2 bad and goes on from");
            assertThat(ann.run("change", "show", "bad").expect(0).out()).contains("rolled-back");
            carol.run("change", "rollback", "take-back").refused("rollback-of-recovery");
        }
    }

    private static void merge(ServedShop shop, String name, int cacheSeconds) {
        shop.push(name, cacheSeconds);
        Terminal carol = shop.terminal("carol");
        carol.run(
                        "change",
                        "approve",
                        name,
                        "--role",
                        "approver",
                        "--key",
                        shop.key("carol").toString())
                .expect(0);
        carol.run("change", "merge", name).expect(0);
    }

    private static void awaitStanding(ServedShop shop, String text) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> stands(shop.data().resolve("targets"), text));
    }

    private static boolean stands(Path targets, String text) throws IOException {
        try (Stream<Path> files = Files.walk(targets, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(path -> path.toString().contains("/current"))
                    .filter(Files::isRegularFile)
                    .toList()) {
                if (Files.readString(file).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }
}
