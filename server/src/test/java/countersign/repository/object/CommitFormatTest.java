package countersign.repository.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.repository.Commit;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitFormatTest {
    private static final String TREE = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
    private static final String AUTHOR = "author A <a@example.org> 1700000000 +0100\n";
    private static final String COMMITTER = "committer A <a@example.org> 1700000000 +0100\n";
    private static final String SIGNATURE = "gpgsig -----BEGIN\n AAAA\n -----END\n";

    @Test
    void the_payload_is_every_byte_but_the_signature() {
        Commit commit = parse(TREE + AUTHOR + COMMITTER + "encoding UTF-8\n" + SIGNATURE + "odd header\n\nmessage\n");

        assertThat(commit.signature()).isEqualTo("-----BEGIN\nAAAA\n-----END\n");
        assertThat(new String(commit.signedPayload(), UTF_8))
                .isEqualTo(TREE + AUTHOR + COMMITTER + "encoding UTF-8\nodd header\n\nmessage\n");
    }

    @Test
    void a_signature_inside_the_message_is_message() {
        Commit commit = parse(TREE + AUTHOR + COMMITTER + "\n" + SIGNATURE);

        assertThat(commit.signature()).isNull();
        assertThat(commit.message()).isEqualTo(SIGNATURE);
    }

    @Test
    void repeated_misplaced_and_missing_headers_are_refused() {
        List<String> malformed = List.of(
                TREE + AUTHOR + COMMITTER + SIGNATURE + SIGNATURE + "\nm",
                TREE + AUTHOR + COMMITTER + "gpgsig-sha256 x\n\nm",
                TREE + TREE + AUTHOR + COMMITTER + "\nm",
                TREE + AUTHOR + AUTHOR + COMMITTER + "\nm",
                TREE + AUTHOR + COMMITTER + AUTHOR + "\nm",
                TREE + AUTHOR + COMMITTER + "parent 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nm",
                TREE + AUTHOR + COMMITTER + "odd \0header\n\nm",
                AUTHOR + COMMITTER + "\nm",
                "tree 4B825DC642CB6EB9A060E54BF8D69288FBEE4904\n" + AUTHOR + COMMITTER + "\nm",
                TREE + "author A a@example.org 17 +0100\n" + COMMITTER + "\nm",
                TREE + AUTHOR + COMMITTER.strip());

        for (String commit : malformed) {
            Refusal refusal = catchThrowableOfType(Refusal.class, () -> parse(commit));

            assertThat(refusal).as(commit).isNotNull();
            assertThat(refusal.rule()).as(commit).isEqualTo("malformed-commit");
        }
    }

    private static Commit parse(String text) {
        return CommitFormat.parse("id", text.getBytes(UTF_8));
    }
}
