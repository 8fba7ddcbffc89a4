package countersign.web.api;

import countersign.access.CopyOf;
import countersign.access.RepositorySettings;
import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.access.TrustedSigners;
import countersign.change.Changes;
import countersign.codec.Sha256;
import countersign.gate.stop.LoggedStop;
import countersign.repository.Repository;
import countersign.signing.NoteKey;
import countersign.signing.SshPublicKey;
import countersign.web.http.Entity;
import countersign.web.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The repository at main's head over HTTP: what it is, its files, whom it trusts. */
final class RepositoryEndpoints {
    private static final String OPENAPI = "/openapi.yaml";

    private final Changes changes;
    private final Repository repository;
    private final TrustReader trusts;
    private final String url;
    private final HeadDocuments documents;
    private final Entity openapi;

    RepositoryEndpoints(Rooms rooms) {
        this.changes = rooms.changes();
        this.repository = rooms.repository();
        this.trusts = rooms.trusts();
        this.url = rooms.url();
        this.documents = new HeadDocuments(repository, changes::main);
        byte[] page = read(OPENAPI);
        this.openapi = Entity.of(Sha256.of(page).hex(), "application/yaml", page);
    }

    /**
     * The repository in answers.
     *
     * @param id UUID of the repository
     * @param origin name of its record log
     * @param main commit that main points to
     * @param readOnly why the server takes no changes; null if it does
     * @param stopped who stopped everything, when and why; null if nobody did
     * @param copyOf what it was copied from; null if it is no copy
     */
    record RepositoryView(
            String id,
            int engine,
            String origin,
            String main,
            String cloneUrl,
            List<String> serverKeys,
            List<String> logKeys,
            @Nullable String readOnly,
            @Nullable String stopped,
            @Nullable CopyView copyOf) {}

    /** The original of a copy in answers. */
    record CopyView(String repository, String commit, String contentRoot, String log, long entries, String root) {
        static CopyView of(CopyOf copy) {
            return new CopyView(
                    copy.repository(),
                    copy.commit(),
                    copy.contentRoot().hex(),
                    copy.log(),
                    copy.entries(),
                    copy.root().hex());
        }
    }

    void repository(Exchange exchange) {
        RepositorySettings settings = trust().settings();
        exchange.tagged(new RepositoryView(
                settings.id(),
                settings.engine(),
                settings.origin(),
                changes.main(),
                url + "/git/" + settings.id() + ".git",
                settings.serverKeys().stream().map(SshPublicKey::line).toList(),
                settings.logKeys().stream().map(NoteKey::toString).toList(),
                changes.readOnlyReason().orElse(null),
                changes.stop().standing().map(LoggedStop::message).orElse(null),
                settings.copyOf().map(CopyView::of).orElse(null)));
    }

    void document(Exchange exchange) {
        exchange.entity(documents.get(exchange.path("path")));
    }

    Optional<Entity> rememberedDocument(String path) {
        return documents.find(path);
    }

    void allowedSigners(Exchange exchange) {
        byte[] file = TrustedSigners.write(trust()).getBytes(StandardCharsets.UTF_8);
        exchange.entity(Entity.of(Sha256.of(file).hex(), "text/plain; charset=utf-8", file));
    }

    void openapi(Exchange exchange) {
        exchange.entity(openapi);
    }

    private Trust trust() {
        return trusts.read(repository.snapshot(changes.main()));
    }

    private static byte[] read(String resource) {
        try (InputStream in =
                Objects.requireNonNull(RepositoryEndpoints.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
