package countersign.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final String ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    @Test
    void a_checkpoint_reads_what_it_writes() {
        Checkpoint checkpoint = new Checkpoint("log.example/one", 12, Sha256.of(new byte[] {1}));

        assertThat(Checkpoint.parse(checkpoint.text())).isEqualTo(checkpoint);
    }

    @Test
    void an_empty_log_has_the_root_of_nothing() {
        assertThat(Checkpoint.empty("log.example/one").text()).isEqualTo("log.example/one\n0\n" + ROOT + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "o\n0\n" + ROOT,
                "o\n0\n" + ROOT + "\n\n",
                "o\n0\n" + ROOT + "\nextension\n",
                "o\n00\n" + ROOT + "\n",
                "o\n+1\n" + ROOT + "\n",
                "o\n-1\n" + ROOT + "\n",
                "o\n9999999999999999999\n" + ROOT + "\n",
                "\n1\n" + ROOT + "\n",
                "o o\n1\n" + ROOT + "\n",
                "o\r\n1\r\n" + ROOT + "\r\n",
                "o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
                "o\n1\n47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                "o\n1\nAAAA\n",
                "o\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
            })
    void other_texts_are_refused(String text) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Checkpoint.parse(text));

        assertThat(refusal.rule()).isEqualTo("malformed-checkpoint");
    }
}
