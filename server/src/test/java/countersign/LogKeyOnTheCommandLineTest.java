package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.Terminal.Said;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The log of a server that people use gets another key, and clones verify before, meanwhile and after. */
final class LogKeyOnTheCommandLineTest {
    private static final String ROOT = "countersign.yaml";

    @AutoClose
    private final ServedShop shop = ServedShop.start();

    private final Terminal host = shop.host();

    @Test
    void the_next_key_signs_beside_the_old_one_and_then_alone() {
        shop.stop();
        String next = logKey("new").expect(0).out().strip();
        logKey("new").refused("log-key-exists");
        logKey("use").refused("log-key-not-enrolled");
        shop.serve();
        String old = mergeRoot("enrol-key", text -> {
            String line = text.lines()
                    .filter(each -> each.contains("shop.invalid/log+"))
                    .findFirst()
                    .orElseThrow();
            return text.replace(line + "\n", line + "\n      - \"" + next + "\"\n");
        });
        verified(old);
        shop.stop();

        Said used = logKey("use").expect(0);
        shop.serve();
        String dropped = mergeRoot(
                "drop-key",
                text -> text.lines()
                        .filter(line -> !line.contains("shop.invalid/log+") || line.contains(next))
                        .collect(Collectors.joining("\n", "", "\n")));

        assertThat(used.out().strip()).isEqualTo(next);
        verified(dropped);
        shop.stop();
        logKey("use").refused("no-next-log-key");
        shop.serve();
    }

    private Said logKey(String verb) {
        return host.run("log-key", verb, "--data", shop.data().toString());
    }

    /** Edits the trust root by a change that two people approve; gives a clone of what is merged then. */
    private String mergeRoot(String change, UnaryOperator<String> edit) {
        Path clone = shop.clone("ann");
        shop.pushFrom(clone, change, () -> ServedShop.edit(clone.resolve(ROOT), edit));
        for (String person : new String[] {"carol", "dave"}) {
            shop.terminal(person)
                    .run(
                            "change",
                            "approve",
                            change,
                            "--role",
                            "approver",
                            "--key",
                            shop.key(person).toString())
                    .expect(0);
        }
        shop.terminal("carol").run("change", "merge", change).expect(0);
        return shop.clone("frank").toString();
    }

    private void verified(String clone) {
        assertThat(host.run("verify", "--genesis", shop.genesis(), clone)
                        .expect(0)
                        .out())
                .contains("verified");
    }
}
