package countersign.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    private static final String TEXT = "{\"name\":\"Zo\u00eb \ud83d\ude80\"}";

    @Test
    void text_in_utf8_is_read_whatever_characters_it_has() {
        assertThat(Json.readObject("body", TEXT.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Map.of("name", "Zo\u00eb \ud83d\ude80"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE", "ISO-8859-1"})
    void text_in_another_encoding_is_refused(String encoding) {
        byte[] bytes = "{\"name\":\"Zo\u00eb\"}".getBytes(Charset.forName(encoding));

        assertRefused(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "efbbbf7b7d", // byte order mark
                "0000feff0000007b", // UTF-32 with a mark
                "fffe00007b000000",
                "0000fffe0000007b", // UTF-32 in an order that nobody uses
                "feff007b007d",
                "22c0af22", // overlong slash
                "22c08022", // overlong NUL
                "22eda08022", // half of a surrogate pair
                "22f490808022", // beyond U+10FFFF
                "22e28222", // cut short
                "2280", // a continuation that continues nothing
                "00",
                "0000",
                "000000",
                "00000000",
                "",
                "7b7d00" // NUL behind the end
            })
    void hostile_bytes_are_refused(String hex) {
        assertRefused(HexFormat.of().parseHex(hex));
    }

    @Test
    void any_bytes_are_read_or_refused() {
        Random random = new Random(17);
        byte[] good = TEXT.getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length) + 1);
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Json.readStrictly("body", bytes);
            } catch (Refusal refusal) {
                assertThat(refusal.rule()).isEqualTo("malformed-json");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> Json.readStrictly("body", bytes))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("malformed-json"));
    }
}
