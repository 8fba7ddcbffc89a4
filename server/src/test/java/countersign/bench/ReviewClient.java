package countersign.bench;

import countersign.BenchServer;
import countersign.codec.Json;
import countersign.gate.vote.Statement;
import countersign.signing.SshPrivateKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** People who open, sign and merge changes over one kept-alive HTTP connection, with their keys on their own side. */
final class ReviewClient {
    private static final Map<String, SshPrivateKey> KEYS =
            Map.of("carol", ShopFolder.key("carol"), "dave", ShopFolder.key("dave"));

    private final BenchServer server;
    private final Connection connection;

    ReviewClient(BenchServer server) {
        this.server = server;
        try {
            this.connection = Connection.to(URI.create(server.url()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Opens a change that gives one system another release. */
    void open(String change, int system) {
        open(change, ShopFolder.someDay(change), system);
    }

    /** The same on a day. */
    void open(String change, LocalDate day, int system) {
        List<Map<String, Object>> files = List.of(
                Map.of("path", "changes/" + day + "/" + change + ".yaml", "content", ShopFolder.request(change)),
                Map.of("path", ShopFolder.path(system), "content", ShopFolder.system(system, change)));
        post(ShopFolder.AUTHOR, "", Map.of("message", "Release " + change, "files", files), 201);
    }

    /** What a person is to sign. */
    byte[] statement(String change, String person) {
        Map<String, Object> draft = Map.of("decision", "approve", "role", "approver", "reason", "seen");
        return post(person, "/" + change + "/statements", draft, 201);
    }

    /** Signs it and hands it in. */
    void vote(String change, String person, byte[] statement) {
        String signature = KEYS.get(person).sign(Statement.NAMESPACE, statement);
        Map<String, Object> vote =
                Map.of("statement", new String(statement, StandardCharsets.UTF_8), "signature", signature);
        post(person, "/" + change + "/votes", vote, 201);
    }

    void merge(String change) {
        post(ShopFolder.AUTHOR, "/" + change + "/merge", Map.of(), 200);
    }

    /** Both statements, both votes, and the merge. */
    void signAndMerge(String change) {
        for (String person : ShopFolder.APPROVERS) {
            vote(change, person, statement(change, person));
        }
        merge(change);
    }

    private byte[] post(String person, String path, Map<String, Object> body, int expected) {
        try {
            Connection.Answer answer =
                    connection.post("/api/v1/changes" + path, server.token(person), Json.write(body));
            if (answer.status() != expected) {
                throw new IllegalStateException("POST " + path + " answered " + answer.status() + " "
                        + new String(answer.body(), StandardCharsets.UTF_8));
            }
            return answer.body();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
