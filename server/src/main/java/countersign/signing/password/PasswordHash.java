package countersign.signing.password;

import countersign.codec.Refusal;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password as it is kept: Argon2id (RFC 9106) in the PHC string format,
 * {@code $argon2id$v=19$m=<KiB>,t=<passes>,p=1$<salt>$<hash>}. To compute one takes 19 MiB and some 30 ms of a core.
 * Immutable.
 *
 * @param text the PHC string
 */
public record PasswordHash(String text) {
    /** The least that OWASP's Password Storage Cheat Sheet recommends of Argon2id. */
    private static final Cost COST = new Cost(19_456, 2);

    /** Dearer hashes than this are not computed: the strings come from a store. */
    private static final Cost MOST = new Cost(65_536, 10);

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern FORM = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=1\\$([A-Za-z0-9+/]{22})\\$([A-Za-z0-9+/]{43})");

    private record Cost(int kibibytes, int passes) {}

    public PasswordHash {
        if (!FORM.matcher(text).matches() || exceeds(cost(text), MOST)) {
            throw new Refusal("malformed-password-hash", "the kept password is no Argon2id hash that is computed here");
        }
    }

    /**
     * Hashes a password with a salt of its own.
     *
     * @param random a source that nobody can predict
     */
    public static PasswordHash of(byte[] password, RandomGenerator random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return new PasswordHash("$argon2id$v=19$m=" + COST.kibibytes + ",t=" + COST.passes + ",p=1$"
                + base64.encodeToString(salt) + "$" + base64.encodeToString(derive(password, salt, COST)));
    }

    /** Whether it is this password's; takes as long for a wrong one. */
    public boolean matches(byte[] password) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalStateException("the form was checked");
        }
        byte[] salt = Base64.getDecoder().decode(parts.group(3));
        return MessageDigest.isEqual(Base64.getDecoder().decode(parts.group(4)), derive(password, salt, cost(text)));
    }

    /** Nothing of it: hashes of weak passwords can be guessed. */
    @Override
    public String toString() {
        return "PasswordHash";
    }

    private static byte[] derive(byte[] password, byte[] salt, Cost cost) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.kibibytes)
                .withIterations(cost.passes)
                .withParallelism(1)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[HASH_BYTES];
        generator.generateBytes(password, hash);
        return hash;
    }

    private static Cost cost(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? new Cost(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)))
                : new Cost(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private static boolean exceeds(Cost cost, Cost most) {
        return cost.kibibytes > most.kibibytes || cost.passes > most.passes;
    }
}
