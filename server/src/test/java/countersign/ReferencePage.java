package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of {@code docs/reference} that is made from the program; {@code -Dgolden.write=true} writes it anew. */
public final class ReferencePage {
    private static final Path FOLDER = Path.of("docs/reference");

    private ReferencePage() {}

    /** Holds the page of this name to what it should say. */
    public static void holds(String name, String text) throws IOException {
        Path page = FOLDER.resolve(name);
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(FOLDER);
            Files.writeString(page, text);
        }
        assertThat(page).content(StandardCharsets.UTF_8).isEqualTo(text);
    }
}
