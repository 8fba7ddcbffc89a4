package countersign.store;

import countersign.codec.Refusal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is, and who opens it.
 *
 * @param url JDBC address of an H2 or PostgreSQL database, without a password: addresses are shown and logged
 * @param user null for whoever the driver takes
 * @param password null for none; never shown
 */
public record DatabaseAddress(
        String url, @Nullable String user, @Nullable String password) {
    private static final String POSTGRESQL = "jdbc:postgresql:";

    /** Refuses with {@code database-not-supported} and {@code password-in-address}. */
    public DatabaseAddress {
        if (!url.startsWith(POSTGRESQL) && !url.startsWith("jdbc:h2:")) {
            throw new Refusal(
                    "database-not-supported",
                    "the address of the database begins with " + url.replaceAll("[^a-z0-9:].*", "")
                            + "\u2026, expected " + POSTGRESQL,
                    "for example jdbc:postgresql://db.example/countersign");
        }
        if (url.toLowerCase(Locale.ROOT).contains("password=")) {
            throw new Refusal(
                    "password-in-address",
                    "the address of the database holds a password, which every user of the machine could read",
                    "leave it out of the address and put it into COUNTERSIGN_DATABASE_PASSWORD, or into a file that"
                            + " COUNTERSIGN_DATABASE_PASSWORD_FILE names");
        }
    }

    boolean embedded() {
        return !url.startsWith(POSTGRESQL);
    }

    @Override
    public String toString() {
        return url + (user == null ? "" : " as " + user);
    }
}
