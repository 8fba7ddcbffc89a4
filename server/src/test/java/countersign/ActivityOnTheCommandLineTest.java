package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ActivityOnTheCommandLineTest {
    @Test
    void an_auditor_reads_verifies_and_finds_what_was_altered(@TempDir Path folder) throws IOException {
        try (ServedShop shop = ServedShop.start()) {
            shop.stop();
            Terminal host = shop.terminal("ann");
            String token = host.run(
                            "token",
                            "create",
                            "--data",
                            shop.data().toString(),
                            "--person",
                            "frank",
                            "--scope",
                            "audit")
                    .expect(0)
                    .out()
                    .strip();
            shop.serve();
            Path memory = folder.resolve("memory.json");
            Terminal auditor = shop.terminal("frank").with("COUNTERSIGN_TOKEN", token);

            shop.terminal("ann").run("activity", "list").refused("scope-missing");
            auditor.run("change", "list").expect(0);
            String list = auditor.run("activity", "list").expect(0).out();
            String csv = auditor.run("activity", "list", "--kind", "refused", "--csv")
                    .expect(0)
                    .out();
            Terminal.Said good = auditor.run("activity", "verify", "--remember", memory.toString())
                    .expect(0);

            assertThat(list)
                    .contains(
                            "token-issued", "scopes=audit", "for=frank", "refused", "rule=scope-missing", "token-used");
            assertThat(csv.split("\r\n")).hasSize(2);
            assertThat(good.out()).startsWith("good  ");
            assertThat(memory).content().contains("checkpoints");

            shop.stop();
            Path segment;
            try (java.util.stream.Stream<Path> segments = Files.list(shop.data().resolve("activity"))) {
                segment = segments.findFirst().orElseThrow();
            }
            Path journal = segment.resolve("journal");
            String text = Files.readString(journal, StandardCharsets.ISO_8859_1);
            Files.writeString(
                    journal, text.replace("scopes\":\"audit", "scopes\":\"admin"), StandardCharsets.ISO_8859_1);
            shop.serve();
            Terminal again = shop.terminal("frank").with("COUNTERSIGN_TOKEN", token);

            Terminal.Said bad = again.run("activity", "verify", "--remember", memory.toString())
                    .expect(1);

            assertThat(bad.out()).contains("BAD   ");
        }
    }
}
