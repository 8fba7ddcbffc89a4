package countersign.document.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KindReferenceTest {
    private static final Path PAGE = Path.of("docs/reference/kinds.md");

    /** {@code -Dgolden.write=true} writes the page anew. */
    @Test
    void the_reference_is_what_the_schemas_say() throws IOException {
        String page = KindReference.write();

        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE).content().isEqualTo(page);
    }
}
