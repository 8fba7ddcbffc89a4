package countersign.account;

import countersign.codec.Refusal;
import countersign.signing.password.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Passwords, and sign-in by them: it gives a session, which is a token of a short life. Failures slow down the network
 * they come from, for the person they aim at and, much later, for everybody; a person can always sign in from elsewhere.
 * Thread-safe; few hashes are computed at a time, because each takes 19 MiB.
 */
public final class Passwords {
    public static final Duration SESSION = Duration.ofHours(12);

    private static final int MIN_LENGTH = 12;
    private static final int MAX_BYTES = 256;
    private static final int AT_A_TIME = 2;
    private static final int FREE_FOR_ONE = 5;
    private static final int FREE_FOR_ALL = 50;

    /** Compared with where there is none, so that it takes as long. */
    private static final PasswordHash NOBODYS =
            new PasswordHash("$argon2id$v=19$m=19456,t=2,p=1$" + "A".repeat(22) + "$" + "A".repeat(43));

    private final PasswordStore store;
    private final Predicate<String> isPerson;
    private final RandomGenerator random;
    private final Throttle oneByOne;
    private final Throttle altogether;
    private final Semaphore computing = new Semaphore(AT_A_TIME);

    /**
     * Over a store.
     *
     * @param isPerson whether main's head has a person with this name; thread-safe
     * @param random a source that nobody can predict
     */
    public Passwords(PasswordStore store, Predicate<String> isPerson, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.isPerson = isPerson;
        this.random = random;
        this.oneByOne = new Throttle(FREE_FOR_ONE, clock);
        this.altogether = new Throttle(FREE_FOR_ALL, clock);
    }

    /**
     * How long attempts from this network to be this person must wait; zero if they need not.
     *
     * @param network where the request comes from
     */
    public Duration mustWait(String person, String network) {
        Duration one = oneByOne.delay(subject(person, network));
        Duration all = altogether.delay(network);
        return one.compareTo(all) > 0 ? one : all;
    }

    /**
     * Returns if it is the person's password; a Refusal {@code too-many-attempts}, {@code sign-in-failed} or, if too many
     * are being checked, {@code busy}. The refusal, and the time it takes, do not tell whether the person exists.
     */
    public void require(String person, String password, String network) {
        Duration wait = mustWait(person, network);
        if (!wait.isZero()) {
            throw new Refusal(
                    "too-many-attempts",
                    "too many attempts to sign in as " + person + " came from this network",
                    "try again in " + (wait.toSeconds() + 1) + " seconds, or from elsewhere");
        }
        if (!matches(person, password)) {
            oneByOne.failed(subject(person, network));
            altogether.failed(network);
            throw failed(person);
        }
        oneByOne.succeeded(subject(person, network));
    }

    /** Sets a person's password; a Refusal {@code password-too-weak} or {@code unknown-person}. */
    public void set(String person, String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (password.codePointCount(0, password.length()) < MIN_LENGTH
                || bytes.length > MAX_BYTES
                || password.contains(person)) {
            throw new Refusal(
                    "password-too-weak",
                    "a password has at least " + MIN_LENGTH + " characters, at most " + MAX_BYTES
                            + " bytes, and not the person's name in it");
        }
        if (!isPerson.test(person)) {
            throw new Refusal("unknown-person", person + " has no Person document in access/people on main");
        }
        store.save(person, PasswordHash.of(bytes, random));
    }

    /** The person can no longer sign in by a password; a Refusal {@code no-such-password} if they could not before. */
    public void clear(String person) {
        if (!store.delete(person)) {
            throw new Refusal("no-such-password", person + " has no password");
        }
    }

    private boolean matches(String person, String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        Optional<PasswordHash> kept = isPerson.test(person) ? store.find(person) : Optional.empty();
        if (bytes.length > MAX_BYTES || !computing.tryAcquire()) {
            throw bytes.length > MAX_BYTES
                    ? failed(person)
                    : new Refusal("busy", "others are signing in at this moment", "try again in a second");
        }
        try {
            return kept.orElse(NOBODYS).matches(bytes) && kept.isPresent();
        } finally {
            computing.release();
        }
    }

    private static Refusal failed(String person) {
        return new Refusal(
                "sign-in-failed",
                "this is not the password of a person called " + person,
                "try again; who has none or forgot it asks an administrator for another");
    }

    private static String subject(String person, String network) {
        return network + " " + person;
    }
}
