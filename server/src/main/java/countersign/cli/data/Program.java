package countersign.cli.data;

import countersign.account.Scope;
import countersign.account.Token;
import countersign.account.Tokens;
import countersign.repository.Repository;
import countersign.signing.SshPublicKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the commands need of the rest of the program. A Refusal is what the user did wrong. */
public interface Program {
    /** Version of the program. */
    String version();

    /** Founds a repository in an empty data folder. */
    Founded init(Init init);

    /** Opens a data folder and serves it until it is closed. */
    Running serve(Serve serve);

    /** Issues a token offline; the server must be stopped. */
    Tokens.Issued issueToken(Path data, TokenWish wish);

    /** All tokens; the server must be stopped. */
    List<Token> listTokens(Path data);

    /** Revokes a token; the server must be stopped. */
    void revokeToken(Path data, String id);

    /** Sets a person's password and ends their sessions; the server must be stopped. */
    void setPassword(Path data, String person, String password);

    /** Makes the log's next key, which signs beside the present one; the server must be stopped. Gives it as text. */
    String beginLogKey(Path data);

    /** Lets the log's next key sign alone; the server must be stopped. Gives it as text. */
    String finishLogKey(Path data);

    /** Opens a clone, bare or not, for reading. */
    Repository openClone(Path clone);

    /** Writes a copy of a data folder that can be restored; the server must be stopped. */
    void backup(Path data, Path to);

    /**
     * Puts a backup into an empty data folder.
     *
     * @param newest a clone or signed checkpoint file that the restored log must not fall behind; null if there is none
     */
    void restore(Path from, Path data, @Nullable Path newest);

    /** Founds, in an empty data folder, a repository with the files of another and an identity of its own. */
    Copied restoreAsCopy(Copy copy);

    /**
     * How to found a repository.
     *
     * @param data the data folder, absent or empty
     * @param content what the genesis holds
     * @param name name of the repository
     * @param origin origin of the record log
     * @param keys first keys of people, by name
     * @param recovery offline recovery keys
     * @param recoveryThreshold how many of them a recovery needs
     */
    record Init(
            Path data,
            Content content,
            String name,
            String origin,
            Map<String, List<SshPublicKey>> keys,
            List<SshPublicKey> recovery,
            int recoveryThreshold) {}

    /**
     * What a genesis holds: the files of a commit, those of a folder, or the latter over the former.
     *
     * @param adopted the commit; null for none
     * @param folder the folder; null for none
     */
    record Content(@Nullable Adopted adopted, @Nullable Path folder) {
        public static Content of(Path folder) {
            return new Content(null, folder);
        }
    }

    /**
     * A commit of another repository on this machine; the genesis goes on from its history.
     *
     * @param repository folder of the repository
     * @param revision names the commit, as Git understands it
     */
    record Adopted(Path repository, String revision) {}

    /**
     * A new repository.
     *
     * @param id its UUID
     * @param genesis its genesis commit
     * @param contentRoot content root of the genesis; pin both
     */
    record Founded(String id, String genesis, String contentRoot) {}

    /**
     * How to found a copy.
     *
     * @param from a backup, the data folder of a stopped server, or a clone with the record log
     * @param commit a merge of the original, or the beginning of its id; null for the last one
     * @param data the copy's data folder, absent or empty
     * @param name name of the copy; null for that of the original
     * @param origin origin of its record log; null for one that follows from the name
     * @param people whose keys it begins with
     * @param recovery who may recover it
     * @param released targets that it applies to from the start
     */
    record Copy(
            Path from,
            @Nullable String commit,
            Path data,
            @Nullable String name,
            @Nullable String origin,
            CopiedPeople people,
            Recovery recovery,
            List<String> released) {}

    /**
     * Whose keys a copy begins with.
     *
     * @param keep whether people keep the keys that they have
     * @param keys new keys of people, by name, in place of those that they have
     */
    record CopiedPeople(boolean keep, Map<String, List<SshPublicKey>> keys) {}

    /**
     * Who may recover a copy.
     *
     * @param keys offline keys; empty for those of the original
     * @param threshold how many of them a recovery needs
     */
    record Recovery(List<SshPublicKey> keys, int threshold) {}

    /**
     * A new repository that is a copy.
     *
     * @param founded the new repository
     * @param origin origin of its record log
     * @param from what it was made from
     * @param signers people who have a key
     * @param revoked people and keys of theirs that were left out, because the original's log revokes them
     * @param compromised people and keys of theirs that signed for a thief, as the original's log says: what it calls tainted
     *     is not tainted in the copy
     * @param held targets that it applies nothing to
     * @param released targets that it does apply to
     */
    record Copied(
            Founded founded,
            String origin,
            CopiedFrom from,
            List<String> signers,
            List<String> revoked,
            List<String> compromised,
            List<String> held,
            List<String> released) {}

    /**
     * What a copy was made from.
     *
     * @param repository id of the original
     * @param origin origin of its record log
     * @param commit the commit whose files the copy has
     * @param contentRoot content root of that commit
     */
    record CopiedFrom(String repository, String origin, String commit, String contentRoot) {}

    /**
     * How to serve.
     *
     * @param data the data folder
     * @param address where to listen
     * @param targets folder below which directory targets stand; null for one in the data folder
     * @param backups folder that backups are put into while it runs; null for none
     * @param database JDBC address of the database; null for the embedded one, or what the environment names
     */
    record Serve(
            Path data,
            Address address,
            @Nullable Path targets,
            @Nullable Path backups,
            @Nullable String database) {
        /** On a free port for this machine alone. */
        public static Serve locally(Path data) {
            return new Serve(data, new Address("127.0.0.1", 0, null, false), null, null, null);
        }
    }

    /**
     * Where a server listens.
     *
     * @param host address to listen on
     * @param port 0 for any free one
     * @param url how people reach the server; null for {@code http://host:port}
     * @param behindProxy whether every request comes through a proxy that sets {@code X-Forwarded-For}
     */
    record Address(String host, int port, @Nullable String url, boolean behindProxy) {}

    /** What a token is to be. */
    record TokenWish(String person, String name, Set<Scope> scopes, Duration lifetime) {}

    /** A server that runs. */
    interface Running extends AutoCloseable {
        String url();

        /** Why nothing may be written; empty if all is well. */
        java.util.Optional<String> readOnlyReason();

        @Override
        void close();
    }
}
