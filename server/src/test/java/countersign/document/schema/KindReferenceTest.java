package countersign.document.schema;

import countersign.ReferencePage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class KindReferenceTest {
    @Test
    void the_reference_is_what_the_schemas_say() throws IOException {
        ReferencePage.holds("kinds.md", KindReference.write());
    }
}
