package countersign.soak;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.BenchServer;
import countersign.audit.AuditLine;
import countersign.audit.CloneAudit;
import countersign.audit.start.StartingPoint;
import countersign.bench.ShopFolder;
import countersign.codec.Sha256;
import countersign.git.GitRepository;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.soak.SoakClient.OwnChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight clients at one real server, by real HTTP, for as long as {@code -Dsoak.seconds} says: no answer is wrong, and in
 * the end main, the log, the history and the events are what the answers said. {@code -Dsoak.seed} repeats their choices.
 */
final class SoakTest {
    static final int SYSTEMS = 6;
    private static final int CLIENTS = 8;
    private static final int MAX_FILE = 1 << 16;

    @TempDir
    private Path folder;

    @Test
    void eight_clients_get_no_wrong_answer_and_leave_what_they_were_told() throws Exception {
        long seed = Long.getLong("soak.seed", 22);
        Path data = folder.resolve("data");
        Path content = Files.createDirectories(folder.resolve("content"));
        ShopFolder.write(content, SYSTEMS);
        BenchServer.found(data, content, ShopFolder.keys());
        List<SoakClient> clients;
        List<Map<?, ?>> watched;
        Map<Long, String> manifests;
        try (BenchServer server = BenchServer.start(data, ShopFolder.PEOPLE)) {
            clients = IntStream.range(0, CLIENTS)
                    .mapToObj(number -> new SoakClient(server, number, seed))
                    .toList();

            watched = run(clients, Integer.getInteger("soak.seconds", 8));

            report(clients, seed);
            manifests = merged(clients);
            assertThat(manifests).isNotEmpty();
            checkHistory(clients);
            checkEvents(clients, watched);
        }
        checkMain(data, manifests);
        checkAudit(data, manifests.size());
    }

    /** Everything that was told to one who watched from the beginning. */
    private static List<Map<?, ?>> run(List<SoakClient> clients, int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients.size());
        List<Map<?, ?>> watched = new ArrayList<>();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            List<Future<?>> running = new ArrayList<>();
            for (SoakClient client : clients) {
                running.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        client.step();
                    }
                }));
            }
            SoakClient watcher = clients.get(0);
            String next = "oldest";
            boolean more = true;
            while (more) {
                boolean done = running.stream().allMatch(Future::isDone);
                SoakClient.Answer page = watcher.get("/events?limit=500&wait=1&after=" + next);
                SoakClient.items(page, "items").forEach(event -> watched.add((Map<?, ?>) event));
                next = String.valueOf(page.json().get("next"));
                more = !done || !SoakClient.items(page, "items").isEmpty();
            }
            for (Future<?> client : running) {
                client.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return watched;
    }

    private static void report(List<SoakClient> clients, long seed) {
        Map<String, Integer> refusals = new TreeMap<>();
        clients.forEach(
                client -> client.refusals().forEach((rule, count) -> refusals.merge(rule, count, Integer::sum)));
        System.out.println("soak: seed " + seed + ", "
                + clients.stream().mapToInt(SoakClient::requests).sum() + " requests, "
                + all(clients).size() + " changes, " + merged(clients).size() + " merged, refusals " + refusals);
    }

    /** Names of merged changes by log index. */
    private static Map<Long, String> merged(List<SoakClient> clients) {
        Map<Long, String> merged = new TreeMap<>();
        all(clients).stream()
                .filter(change -> change.mergedAt >= 0)
                .forEach(change -> assertThat(merged.put(change.mergedAt, change.name))
                        .as("one merge at one place")
                        .isNull());
        return merged;
    }

    private static List<OwnChange> all(List<SoakClient> clients) {
        return clients.stream().flatMap(client -> client.changes().stream()).toList();
    }

    private static void checkHistory(List<SoakClient> clients) {
        List<String> expected = new ArrayList<>(merged(clients).values());
        java.util.Collections.reverse(expected);
        Awaitility.await("history is complete")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(history(clients.get(0))).isEqualTo(expected));
    }

    private static List<String> history(SoakClient client) {
        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            SoakClient.Answer page = client.get("/history?limit=100" + cursor);
            for (Object item : SoakClient.items(page, "items")) {
                String change = String.valueOf(((Map<?, ?>) item).get("change"));
                names.add(change.substring(change.lastIndexOf('/') + 1));
            }
            Object next = page.json().get("next");
            cursor = next == null ? "" : "&before=" + next;
        } while (!cursor.isEmpty());
        return names;
    }

    private static void checkEvents(List<SoakClient> clients, List<Map<?, ?>> watched) {
        assertThat(new HashSet<>(watched.stream().map(event -> event.get("id")).toList()))
                .as("no event is told twice")
                .hasSameSizeAs(watched);
        assertThat(count(watched, "change.opened")).isEqualTo(all(clients).size());
        assertThat(count(watched, "change.merged")).isEqualTo(merged(clients).size());
        assertThat(count(watched, "change.voted"))
                .isEqualTo(all(clients).stream()
                        .mapToInt(change -> change.statements)
                        .sum());
        assertThat(count(watched, "change.revised"))
                .isEqualTo(all(clients).stream()
                        .mapToInt(change -> change.revisions - 1)
                        .sum());
        assertThat(count(watched, "change.withdrawn"))
                .isEqualTo(all(clients).stream()
                        .filter(change -> change.state.equals("withdrawn"))
                        .count());
    }

    private static long count(List<Map<?, ?>> events, String type) {
        return events.stream().filter(event -> type.equals(event.get("type"))).count();
    }

    /** Each merge began where the one before had left its file, and main is where the last left it. */
    private static void checkMain(Path data, Map<Long, String> merged) {
        try (Repository clone = GitRepository.openForReading(data.resolve("repository.git"))) {
            Snapshot main = clone.snapshot(clone.findRef(Repository.MAIN).orElseThrow());
            Map<String, String> model = new TreeMap<>();
            for (int system = 0; system < SYSTEMS; system++) {
                model.put(
                        ShopFolder.path(system),
                        Sha256.of(ShopFolder.system(system, "1").getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                .hex());
            }
            for (String name : merged.values()) {
                follow(model, main, name);
            }
            model.forEach((path, sha256) -> assertThat(
                            Sha256.of(main.read(path, MAX_FILE)).hex())
                    .as(path)
                    .isEqualTo(sha256));
        }
    }

    private static void follow(Map<String, String> model, Snapshot main, String name) {
        String manifest = main.list("changes").stream()
                .flatMap(day -> List.of("changes/" + day.name() + "/" + name + "/manifest.json").stream())
                .filter(path -> main.find(path).isPresent())
                .findFirst()
                .orElseThrow();
        for (Object entry : (List<?>) countersign.codec.Json.readObject(manifest, main.read(manifest, MAX_FILE))
                .get("files")) {
            Map<?, ?> file = (Map<?, ?>) entry;
            String path = String.valueOf(file.get("path"));
            if (model.containsKey(path)) {
                assertThat(((Map<?, ?>) file.get("before")).get("sha256"))
                        .as(name + " begins where the merge before it ended")
                        .isEqualTo(model.get(path));
                model.put(path, String.valueOf(((Map<?, ?>) file.get("after")).get("sha256")));
            }
        }
    }

    private static void checkAudit(Path data, int merges) {
        List<AuditLine> lines = new ArrayList<>();
        try (Repository clone = GitRepository.openForReading(data.resolve("repository.git"))) {
            String genesis = clone.getCommit(clone.findRef(Repository.MAIN).orElseThrow())
                    .id();
            while (!clone.getCommit(genesis).parents().isEmpty()) {
                genesis = clone.getCommit(genesis).parents().get(0);
            }
            new CloneAudit(clone).verify(new StartingPoint.Genesis(genesis, null), lines::add);
        }
        assertThat(lines).allMatch(AuditLine::good);
        assertThat(lines.stream().filter(line -> line.subject().startsWith("#")).count())
                .isEqualTo(merges);
    }
}
