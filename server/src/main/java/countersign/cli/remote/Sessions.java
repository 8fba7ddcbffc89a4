package countersign.cli.remote;

import countersign.cli.console.NamedFile;
import countersign.codec.Fields;
import countersign.codec.Json;
import countersign.codec.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that a user opened by password: a file for each server in the user's configuration folder
 * ({@code $XDG_CONFIG_HOME/countersign/sessions}, or below {@code ~/.config}), which nobody else may read.
 */
public final class Sessions {
    private static final int MAX_BYTES = 4 << 10;
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Shell shell;

    public Sessions(Shell shell) {
        this.shell = shell;
    }

    /** The session with a server; empty without one. Refuses {@code session-file-open} if others can read it. */
    public Optional<Session> find(URI server) {
        return folder().map(folder -> file(folder, server))
                .filter(Files::isRegularFile)
                .map(Sessions::read);
    }

    /** Keeps a session in the place of an older one, and gives its file; refuses {@code no-configuration-folder}. */
    public Path keep(URI server, Session session) {
        Path folder = folder().orElseThrow(() -> new Refusal(
                "no-configuration-folder",
                "there is no place for a session: neither XDG_CONFIG_HOME nor HOME is an absolute path",
                "export XDG_CONFIG_HOME=<folder>"));
        Path file = file(folder, server);
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path unfinished = Files.createTempFile(
                    folder,
                    "session",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(unfinished, Json.write(session.members()));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot keep the session in " + file + ": " + failed.getMessage(), failed);
        }
        return file;
    }

    /** Keeps no session with a server any more. */
    public void forget(URI server) {
        folder().map(folder -> file(folder, server)).ifPresent(Sessions::delete);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot delete " + file, failed);
        }
    }

    /** A folder that is named by a relative path is none, as the XDG Base Directory Specification has it. */
    private Optional<Path> folder() {
        return shell.variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .or(() -> shell.variable("HOME")
                        .map(home -> Path.of(home, ".config"))
                        .filter(Path::isAbsolute))
                .map(configuration -> configuration.resolve("countersign").resolve("sessions"));
    }

    private static Path file(Path folder, URI server) {
        String host = String.valueOf(server.getRawAuthority()).toLowerCase(Locale.ROOT);
        String name = server.getScheme() + "://" + host + server.getRawPath();
        return folder.resolve(URLEncoder.encode(name, StandardCharsets.UTF_8) + ".json");
    }

    private static Session read(Path file) {
        requireClosed(file);
        String text = NamedFile.get(file, MAX_BYTES);
        try {
            return Session.read(
                    Fields.of("session", Json.readObject("session", text.getBytes(StandardCharsets.UTF_8))));
        } catch (Refusal malformed) {
            throw new Refusal("malformed-session", file + " holds no session", "delete it and sign in again");
        }
    }

    private static void requireClosed(Path file) {
        try {
            if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                throw new Refusal(
                        "session-file-open",
                        "others may read or write " + file + ", which holds your session",
                        "chmod 600 '" + file + "', and if somebody else did read it, countersign logout");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + file, failed);
        }
    }

    /**
     * A session that a server opened.
     *
     * @param person who signed in
     * @param id what it is called in the list of tokens
     * @param secret the token
     * @param expires from when on it counts no more
     */
    public record Session(String person, String id, String secret, Instant expires) {
        /** Reads the token of an answer, or a file. */
        public static Session read(Fields fields) {
            return new Session(
                    fields.text("person"), fields.text("id"), fields.text("secret"), fields.instant("expires"));
        }

        public boolean countsAt(Instant time) {
            return time.isBefore(expires);
        }

        private Map<String, @Nullable Object> members() {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            members.put("person", person);
            members.put("id", id);
            members.put("secret", secret);
            members.put("expires", expires.toString());
            return members;
        }

        /** Not the secret. */
        @Override
        public String toString() {
            return person + " until " + expires;
        }
    }
}
