package countersign.bench;

import countersign.BenchServer;
import countersign.codec.Json;
import countersign.gate.vote.Statement;
import countersign.signing.SshPrivateKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** People who open, sign and merge changes over one kept-alive HTTP connection, with their keys on their own side. */
final class ReviewClient {
    private static final Map<String, SshPrivateKey> KEYS =
            Map.of("carol", ShopFolder.key("carol"), "dave", ShopFolder.key("dave"));

    private final BenchServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ReviewClient(BenchServer server) {
        this.server = server;
    }

    /** Opens a change that gives one system another release. */
    void open(String change, int system) {
        List<Map<String, Object>> files = List.of(
                Map.of("path", ShopFolder.requestPath(change), "content", ShopFolder.request(change)),
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
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/changes" + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + server.token(person))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != expected) {
                throw new IllegalStateException("POST " + path + " answered " + answer.statusCode() + " "
                        + new String(answer.body(), StandardCharsets.UTF_8));
            }
            return answer.body();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
