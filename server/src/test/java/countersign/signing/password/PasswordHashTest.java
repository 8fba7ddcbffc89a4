package countersign.signing.password;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordHashTest {
    private static final byte[] PASSWORD = "correct horse 电池".getBytes(UTF_8);

    @Test
    void it_is_its_passwords_and_no_other() {
        PasswordHash hash = PasswordHash.of(PASSWORD, new SecureRandom());
        PasswordHash again = PasswordHash.of(PASSWORD, new SecureRandom());

        assertThat(new PasswordHash(hash.text()).matches(PASSWORD)).isTrue();
        assertThat(hash.matches("correct horse".getBytes(UTF_8))).isFalse();
        assertThat(again.text()).isNotEqualTo(hash.text());
        assertThat(hash.toString()).doesNotContain("argon2id");
    }

    /** Made by the reference implementation: {@code echo -n password | argon2 somesaltsomesalt -id -t 2 -k 65536 -p 1}. */
    @Test
    void a_hash_of_the_reference_implementation_is_understood() {
        PasswordHash hash = new PasswordHash("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                + "/DO3gTkjHTS3Fia9YkXB1y76GQrWBcPYFmpyrc7fosI");

        assertThat(hash.matches("password".getBytes(UTF_8))).isTrue();
        assertThat(hash.matches("Password".getBytes(UTF_8))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=9999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=19456,t=999,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void what_is_no_such_hash_or_costs_too_much_is_refused(String text) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> new PasswordHash(text));

        assertThat(refusal.rule()).isEqualTo("malformed-password-hash");
    }
}
