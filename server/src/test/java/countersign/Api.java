package countersign;

import countersign.codec.Json;
import countersign.gate.vote.Statement;
import countersign.signing.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A person at the API of a server. */
final class Api {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final Map<String, String> tokens;

    Api(String url, Map<String, String> tokens) {
        this.url = url;
        this.tokens = tokens;
    }

    /** An answer; its body is JSON unless it is a statement. */
    record Answer(int status, byte[] body) {
        Map<String, Object> json() {
            return Json.readObject("answer", body);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    Answer get(String person, String path) {
        return send(person, HttpRequest.newBuilder(URI.create(url + path)).GET());
    }

    Answer post(String person, String path, Object body) {
        return send(
                person,
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body))));
    }

    Answer open(String person, Map<String, String> files) {
        List<Map<String, String>> list = files.entrySet().stream()
                .map(file -> Map.of("path", file.getKey(), "content", file.getValue()))
                .toList();
        return post(person, "/api/v1/changes", Map.of("message", "A change", "files", list));
    }

    Answer vote(String person, SigningKey key, String change, String decision, String role) {
        Answer statement = post(
                person,
                "/api/v1/changes/" + change + "/statements",
                Map.of("decision", decision, "role", role, "reason", "seen", "client", "manual"));
        if (statement.status() >= 300) {
            return statement;
        }
        Map<String, String> vote = new LinkedHashMap<>();
        vote.put("statement", statement.text());
        vote.put("signature", key.sign(Statement.NAMESPACE, statement.body()));
        return post(person, "/api/v1/changes/" + change + "/votes", vote);
    }

    private Answer send(String person, HttpRequest.Builder request) {
        try {
            if (tokens.containsKey(person)) {
                request.header("Authorization", "Bearer " + tokens.get(person));
            }
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
