package countersign.repository;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.document.Document;
import countersign.document.reader.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RecentDocumentsTest {
    private final RecentDocuments documents = new RecentDocuments(3, 1_000);

    @Test
    void what_was_read_longest_ago_goes_first_when_there_are_too_many() {
        put("a", 1);
        put("b", 1);
        put("c", 1);
        documents.find("a");
        put("d", 1);

        assertThat(documents.find("a")).isPresent();
        assertThat(documents.find("b")).isEmpty();
        assertThat(documents.find("c")).isPresent();
        assertThat(documents.find("d")).isPresent();
    }

    @Test
    void long_texts_drive_out_as_many_as_they_need_the_room_of() {
        put("a", 400);
        put("b", 400);
        put("c", 700);

        assertThat(documents.find("a")).isEmpty();
        assertThat(documents.find("b")).isEmpty();
        assertThat(documents.find("c")).isPresent();
    }

    @Test
    void a_document_that_is_put_again_counts_once() {
        put("a", 600);
        put("a", 600);
        put("b", 300);

        assertThat(documents.find("a")).isPresent();
        assertThat(documents.find("b")).isPresent();
    }

    @Test
    void one_that_is_too_long_by_itself_is_kept_until_the_next() {
        put("a", 5_000);
        assertThat(documents.find("a")).isPresent();

        put("b", 1);
        assertThat(documents.find("a")).isEmpty();
        assertThat(documents.find("b")).isPresent();
    }

    private void put(String key, int bytes) {
        documents.put(key, document(), bytes);
    }

    private static Document document() {
        byte[] text = """
                apiVersion: countersign.dev/v1
                kind: Person
                metadata: {name: ann}
                spec: {displayName: Ann, emails: [ann@shop.example], keys: []}
                """.getBytes(StandardCharsets.UTF_8);
        return Objects.requireNonNull(
                new Documents().inspect("access/people/ann.yaml", text).document());
    }
}
