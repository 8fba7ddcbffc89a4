package countersign.data;

import countersign.codec.Refusal;
import countersign.store.Database;
import countersign.store.DatabaseAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which database a data folder uses: the embedded one in the folder, unless the command line or the environment names
 * another. User and password come from the environment or from a file, never from the command line.
 *
 * @param variables the environment
 */
public record DatabaseSettings(Map<String, String> variables) {
    private static final String ADDRESS = "COUNTERSIGN_DATABASE";
    private static final String USER = "COUNTERSIGN_DATABASE_USER";
    private static final String PASSWORD = "COUNTERSIGN_DATABASE_PASSWORD";
    private static final String PASSWORD_FILE = "COUNTERSIGN_DATABASE_PASSWORD_FILE";
    private static final int MAX_PASSWORD = 4_096;

    public DatabaseSettings {
        variables = Map.copyOf(variables);
    }

    /**
     * Opens the database of a data folder.
     *
     * @param named what the command line says; null for nothing
     */
    public Database open(DataFolder folder, @Nullable String named) {
        String url = named == null ? variables.get(ADDRESS) : named;
        return url == null ? Database.openFile(folder.database()) : Database.open(address(url));
    }

    private DatabaseAddress address(String url) {
        String file = variables.get(PASSWORD_FILE);
        String password = variables.get(PASSWORD);
        if (file != null && password != null) {
            throw new Refusal(
                    "two-passwords", PASSWORD + " and " + PASSWORD_FILE + " are both set", "unset one of the two");
        }
        return new DatabaseAddress(url, variables.get(USER), file == null ? password : read(Path.of(file)));
    }

    private static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_PASSWORD + 1);
            if (bytes.length > MAX_PASSWORD) {
                throw new Refusal(
                        "too-large", PASSWORD_FILE + " names a file of more than " + MAX_PASSWORD + " bytes: " + file);
            }
            return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read the database's password from " + file, failed);
        }
    }
}
