package countersign.soak;

import countersign.BenchServer;
import countersign.bench.ShopFolder;
import countersign.codec.Json;
import countersign.gate.vote.Statement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * People at one connection who do what chance tells them with one change after the other, and know what every answer must
 * be: what is theirs alone is known exactly, what others may have altered is a named refusal. For one thread.
 */
final class SoakClient {
    /** By which a change, a revision or a rollback is refused that meets what others have merged. */
    private static final Set<String> MET_OTHERS =
            Set.of("path-conflict", "rollback-would-trample", "rollback-used", "rollback-differs", "nothing-changes");

    private static final Set<String> NOT_APPROVED = Set.of("draft", "review");
    private static final Set<String> AFTER_MERGE = Set.of("confirmed", "rolled-back");

    private final BenchServer server;
    private final int number;
    private final Random random;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<OwnChange> changes = new ArrayList<>();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private int requests;

    SoakClient(BenchServer server, int number, long seed) {
        this.server = server;
        this.number = number;
        this.random = new Random(seed * 31 + number);
    }

    /** What a client knows of a change of its own. */
    static final class OwnChange {
        final String name;
        final int system;
        final Set<String> approvals = new TreeSet<>();
        final Set<String> rejections = new TreeSet<>();
        int statements;
        int revisions = 1;
        String state = "open";
        long mergedAt = -1;
        boolean rollback;

        OwnChange(String name, int system) {
            this.name = name;
            this.system = system;
        }

        boolean open() {
            return state.equals("open");
        }

        boolean approved() {
            return rejections.isEmpty() && approvals.size() == ShopFolder.APPROVERS.size();
        }
    }

    List<OwnChange> changes() {
        return changes;
    }

    Map<String, Integer> refusals() {
        return refusals;
    }

    int requests() {
        return requests;
    }

    /** One step with the newest change, or the opening of the next. */
    void step() {
        OwnChange change = changes.isEmpty() ? null : changes.get(changes.size() - 1);
        if (change == null || !change.open()) {
            begin(change);
            return;
        }
        switch (random.nextInt(12)) {
            case 0 -> revise(change);
            case 1 -> withdrawOrReject(change);
            case 2 -> read(change);
            case 3 -> merge(change);
            case 4 -> {
                if (random.nextInt(4) == 0) {
                    withdraw(change);
                }
            }
            default -> approve(change);
        }
    }

    private void begin(OwnChange last) {
        if (last != null && last.mergedAt >= 0 && !last.rollback && random.nextInt(4) == 0) {
            rollBack(last);
            return;
        }
        String name = "c" + number + "-" + changes.size();
        int system = random.nextInt(SoakTest.SYSTEMS);
        OwnChange change = new OwnChange(name, system);
        Answer answer = post(ShopFolder.AUTHOR, "/changes", files(change, name + "-r1"));
        require(answer.status == 201, "opening " + name, answer);
        require(NOT_APPROVED.contains(answer.json().get("state")), "opened " + name, answer);
        changes.add(change);
    }

    private void rollBack(OwnChange merged) {
        Answer answer = post(ShopFolder.AUTHOR, "/changes/" + merged.name + "/rollback", Map.of());
        if (answer.status == 201) {
            OwnChange change = new OwnChange(String.valueOf(answer.json().get("name")), merged.system);
            change.rollback = true;
            changes.add(change);
        } else {
            refusedByOthers("rolling back " + merged.name, answer);
            merged.rollback = true;
        }
    }

    private void revise(OwnChange change) {
        if (change.rollback) {
            return;
        }
        String release = change.name + "-r" + (change.revisions + 1);
        Answer answer = post(ShopFolder.AUTHOR, "/changes/" + change.name + "/revisions", files(change, release));
        require(answer.status == 200, "revising " + change.name, answer);
        change.revisions++;
        change.approvals.clear();
        change.rejections.clear();
    }

    private void approve(OwnChange change) {
        for (String person : ShopFolder.APPROVERS) {
            if (!change.approvals.contains(person) && !change.rejections.contains(person)) {
                if (vote(change, person, "approve")) {
                    change.approvals.add(person);
                }
                return;
            }
        }
        merge(change);
    }

    private void withdrawOrReject(OwnChange change) {
        String person = ShopFolder.APPROVERS.get(random.nextInt(ShopFolder.APPROVERS.size()));
        if (change.approvals.contains(person) || change.rejections.contains(person)) {
            if (vote(change, person, "withdraw")) {
                change.approvals.remove(person);
                change.rejections.remove(person);
            }
        } else if (vote(change, person, "reject")) {
            change.rejections.add(person);
        }
    }

    private boolean vote(OwnChange change, String person, String decision) {
        String path = "/changes/" + change.name;
        Map<String, Object> draft = Map.of("decision", decision, "role", "approver", "reason", "seen");
        Answer statement = post(person, path + "/statements", draft);
        if (statement.status != 201) {
            refusedByOthers(decision + " of " + change.name, statement);
            withdraw(change);
            return false;
        }
        String signature = ShopFolder.key(person).sign(Statement.NAMESPACE, statement.body);
        Answer answer = post(
                person,
                path + "/votes",
                Map.of("statement", new String(statement.body, StandardCharsets.UTF_8), "signature", signature));
        if (answer.status != 201) {
            refusedByOthers(decision + " of " + change.name, answer);
            return false;
        }
        change.statements++;
        return true;
    }

    private void merge(OwnChange change) {
        boolean approved = change.approved();
        Answer answer = post(ShopFolder.AUTHOR, "/changes/" + change.name + "/merge", Map.of());
        if (answer.status == 200) {
            require(approved, "merging " + change.name + " without its signatures", answer);
            Map<?, ?> merged = (Map<?, ?>) answer.json().get("merged");
            change.mergedAt = ((Number) merged.get("index")).longValue();
            change.state = "merged";
            require(AFTER_MERGE.contains(answer.json().get("state")), "state of merged " + change.name, answer);
        } else if (approved) {
            refusedByOthers("merging " + change.name, answer);
            withdraw(change);
        } else {
            require(answer.status == 422 || answer.status == 409, "merging unsigned " + change.name, answer);
            count(answer);
        }
    }

    private void withdraw(OwnChange change) {
        Answer answer = post(ShopFolder.AUTHOR, "/changes/" + change.name + "/withdraw", Map.of());
        require(answer.status == 200, "withdrawing " + change.name, answer);
        require("withdrawn".equals(answer.json().get("state")), "withdrawn " + change.name, answer);
        change.state = "withdrawn";
    }

    private void read(OwnChange change) {
        Answer answer = get("/changes/" + change.name);
        String state = String.valueOf(answer.json().get("state"));
        boolean right = !change.rejections.isEmpty()
                ? state.equals("rejected") || state.equals("draft")
                : change.approved() ? state.equals("approved") || state.equals("draft") : NOT_APPROVED.contains(state);
        require(right, change.name + " with " + change.approvals + " and against " + change.rejections, answer);
        require(items(answer, "revisions").size() == change.revisions, change.revisions + " revisions", answer);
        Answer votes = get("/changes/" + change.name + "/votes");
        require(items(votes, "items").size() == change.statements, change.statements + " statements", votes);
        Answer list = get("/changes?limit=100");
        require(list.text().contains("\"" + change.name + "\""), "the list has " + change.name, list);
        get("/history?limit=10");
    }

    Answer get(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + "/api/v1" + path))
                .GET();
        Answer answer = send(ShopFolder.AUTHOR, request);
        require(answer.status == 200, "GET " + path, answer);
        return answer;
    }

    static List<?> items(Answer answer, String field) {
        return (List<?>) answer.json().get(field);
    }

    private static Map<String, Object> files(OwnChange change, String release) {
        return Map.of(
                "message",
                "Release " + release,
                "files",
                List.of(
                        Map.of("path", ShopFolder.requestPath(change.name), "content", ShopFolder.request(change.name)),
                        Map.of(
                                "path",
                                ShopFolder.path(change.system),
                                "content",
                                ShopFolder.system(change.system, release))));
    }

    private void refusedByOthers(String what, Answer answer) {
        require(MET_OTHERS.contains(answer.rule()), what + " may meet what others merged only", answer);
        count(answer);
    }

    private void count(Answer answer) {
        refusals.merge(answer.status + " " + answer.rule(), 1, Integer::sum);
    }

    private static void require(boolean right, String what, Answer answer) {
        if (!right) {
            throw new AssertionError("wrong answer: " + what + ", but " + answer.status + " " + answer.text());
        }
    }

    private Answer post(String person, String path, Map<String, Object> body) {
        return send(
                person,
                HttpRequest.newBuilder(URI.create(server.url() + "/api/v1" + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(new LinkedHashMap<>(body)))));
    }

    private Answer send(String person, HttpRequest.Builder request) {
        requests++;
        try {
            HttpResponse<byte[]> response = http.send(
                    request.header("Authorization", "Bearer " + server.token(person))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** What a server answered. */
    record Answer(int status, byte[] body) {
        Map<String, Object> json() {
            return Json.readObject("answer", body);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String rule() {
            return String.valueOf(json().get("rule"));
        }
    }
}
