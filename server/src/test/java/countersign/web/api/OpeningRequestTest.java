package countersign.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.change.wish.Opening;
import countersign.codec.Fields;
import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class OpeningRequestTest {
    @Test
    void the_largest_payload_fits() {
        byte[] payload = new byte[16 << 20];
        String coded = Base64.getEncoder().encodeToString(payload);

        Opening opening = read("{\"files\":[{\"path\":\"big.bin\",\"contentBase64\":\"" + coded + "\"}]}");

        assertThat(((Edit.Write) opening.edits().get("big.bin")).bytes()).isEqualTo(payload);
    }

    @Test
    void a_file_is_written_with_its_mode_or_deleted() {
        Opening opening = read("""
                {"message": "m", "files": [
                  {"path": "run.sh", "content": "echo\\n", "mode": "100755"},
                  {"path": "old.txt", "delete": true}]}
                """);

        assertThat(opening.message()).isEqualTo("m");
        assertThat(((Edit.Write) opening.edits().get("run.sh")).mode()).isEqualTo(FileMode.EXECUTABLE);
        assertThat(opening.edits().get("old.txt")).isInstanceOf(Edit.Delete.class);
    }

    @Test
    void what_is_no_opening_is_refused_by_name() {
        refused("empty-change", "{}");
        refused("missing-field", "{\"files\":[{\"path\":\"a\"}]}");
        refused("duplicate-path", "{\"files\":[{\"path\":\"a\",\"content\":\"\"},{\"path\":\"a\",\"delete\":true}]}");
        refused("wrong-type", "{\"files\":[{\"path\":\"a\",\"content\":\"\",\"mode\":\"120000\"}]}");
        refused("wrong-type", "{\"files\":[{\"path\":\"a\",\"contentBase64\":\"%\"}]}");
        refused("unknown-field", "{\"files\":[{\"path\":\"a\",\"content\":\"\",\"owner\":\"root\"}]}");
    }

    private static void refused(String rule, String body) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> read(body));

        assertThat(refusal.rule()).isEqualTo(rule);
    }

    private static Opening read(String body) {
        return OpeningRequest.read(Fields.of("body", Json.readObject("body", body.getBytes(StandardCharsets.UTF_8))));
    }
}
