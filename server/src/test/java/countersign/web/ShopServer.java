package countersign.web;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Authorisation;
import countersign.account.InMemoryPasswordStore;
import countersign.account.InMemoryTokenStore;
import countersign.account.Passwords;
import countersign.account.Scope;
import countersign.account.SignIn;
import countersign.account.TokenDesk;
import countersign.account.Tokens;
import countersign.activity.ActivityLog;
import countersign.change.Shop;
import countersign.change.discussion.Discussions;
import countersign.change.discussion.InMemoryCommentStore;
import countersign.change.event.EventLog;
import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.calendar.Calendars;
import countersign.gate.vote.Statement;
import countersign.git.GitRepository;
import countersign.git.transport.SmartTransport;
import countersign.history.History;
import countersign.history.InMemoryHistoryStore;
import countersign.history.PastTrees;
import countersign.log.Faults;
import countersign.manifest.SystemUnits;
import countersign.manifest.Unit;
import countersign.notify.InMemoryWebhookStore;
import countersign.notify.Networks;
import countersign.notify.WebhookSecrets;
import countersign.notify.Webhooks;
import countersign.repository.push.GitTransport;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import countersign.web.api.ApiRoutes;
import countersign.web.api.Rooms;
import countersign.web.events.Watchers;
import countersign.web.http.Authentication;
import countersign.web.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The shop behind the real HTTP server on a free port, and a client that holds every answer to the API's document. */
public final class ShopServer implements AutoCloseable {
    public static final String API = ApiRoutes.PREFIX;

    private static final OpenApi DOCUMENT = OpenApi.load();

    public final Shop shop;
    public final Tokens tokens;
    public final Passwords passwords;
    public final Map<Unit, Sha256> recorded = new ConcurrentHashMap<>();
    /** Why nothing is applied any more. */
    private final AtomicReference<Optional<String>> applyProblem = new AtomicReference<>(Optional.empty());

    final List<Route> routes = new ArrayList<>();
    public final EventLog events;
    public final Watchers watchers;
    private final Webhooks webhooks;
    public final ActivityLog activity;
    private final Server server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;

    private ShopServer(Shop shop, GitTransport transport, Authorisation.Reading reading, List<Route> more) {
        this.shop = shop;
        this.tokens = new Tokens(new InMemoryTokenStore(), shop.now::get, new SecureRandom());
        HeadPeople people = new HeadPeople(shop.repository, shop.trusts, shop.changes()::main);
        Authorisation authorisation = new Authorisation(reading, people);
        this.passwords = new Passwords(new InMemoryPasswordStore(), people, shop.now::get, new SecureRandom());
        this.events = new EventLog(shop.events);
        this.watchers = new Watchers(events);
        NoteSigner signer = new NoteSigner("shop.example/log/activity", NoteKey.Algorithm.ED25519, new byte[32]);
        this.activity = new ActivityLog(
                new ActivityLog.Settings(shop.folder("activity"), signer.key().name(), signer, Duration.ofDays(400)),
                shop.now::get);
        this.webhooks = new Webhooks(new Webhooks.Parts(
                new InMemoryWebhookStore(),
                events,
                new WebhookSecrets(new byte[32]),
                Networks.named("127.0.0.0/8"),
                "http://shop.example/api/v1/events",
                shop.now::get,
                new SecureRandom()));
        History.Parts past = new History.Parts(
                shop.repository,
                shop.log(),
                new InMemoryHistoryStore(),
                shop.documents,
                shop.trusts,
                () -> shop.changes().keys().revoked());
        History history = new History(past);
        routes.addAll(new HealthRoutes(shop.changes()::readOnlyReason, applyProblem::get).list());
        routes.addAll(new BackupRoutes(new NoBackups(), activity).list());
        routes.addAll(new GitRoutes(transport, shop.changes()::pushPolicy, authorisation, maxPush(transport)).list());
        routes.addAll(ApiRoutes.list(new Rooms(
                shop.changes(),
                shop.repository,
                shop.log(),
                shop.trusts,
                new SystemUnits(shop.documents),
                new Calendars(shop.documents),
                unit -> Optional.ofNullable(recorded.get(unit)),
                new TokenDesk(tokens, authorisation, shop.now::get),
                new SignIn(passwords, tokens, authorisation),
                passwords,
                history,
                new PastTrees(history, past),
                events,
                watchers,
                webhooks,
                activity,
                new Discussions(shop.changes(), shop.repository, new InMemoryCommentStore(shop.events), shop.now::get),
                "http://shop.example")));
        routes.addAll(more);
        Metrics metrics = new Metrics();
        routes.add(metrics.route());
        this.server = new Server(
                new Server.Settings(100_000, 5_000, true),
                new Server.Guard(new Authentication(tokens), authorisation),
                routes,
                new Server.Observation(metrics, activity, new SecureRandom()));
        ServerSocketChannel taken = Server.take("127.0.0.1", 0);
        server.start(taken);
        this.port = taken.socket().getLocalPort();
        events.start();
        watchers.start();
        webhooks.start();
    }

    public void applyProblem(String problem) {
        applyProblem.set(Optional.of(problem));
    }

    public static ShopServer start() {
        return start(Authorisation.Reading.TOKEN_HOLDERS);
    }

    static ShopServer start(Authorisation.Reading reading, Route... more) {
        return new ShopServer(Shop.open(), new EchoTransport(), reading, List.of(more));
    }

    /** The same over a repository on disk, to which Git can talk. */
    static ShopServer startOnDisk(Path folder) {
        GitRepository repository = GitRepository.create(folder.resolve("shop.git"));
        return new ShopServer(
                Shop.open(folder, repository, Faults.NONE),
                new SmartTransport(repository),
                Authorisation.Reading.TOKEN_HOLDERS,
                List.of());
    }

    private static long maxPush(GitTransport transport) {
        return transport instanceof EchoTransport ? 1000 : 10_000_000;
    }

    /** An answer as text. */
    public record Answer(int status, String body, HttpResponse<byte[]> response) {
        public Map<String, Object> json() {
            return Json.readObject("answer", body.getBytes(StandardCharsets.UTF_8));
        }

        @SuppressWarnings("unchecked")
        public List<Map<String, Object>> items(String member) {
            return (List<Map<String, Object>>) json().get(member);
        }

        public Object rule() {
            return json().get("rule");
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public Answer expect(int wanted) {
            assertThat(status).as(body).isEqualTo(wanted);
            return this;
        }

        /** A problem of this rule. */
        public Answer refused(int wanted, String rule) {
            assertThat(status).as(body).isEqualTo(wanted);
            assertThat(rule()).as(body).isEqualTo(rule);
            assertThat(header("Content-Type")).isEqualTo("application/problem+json");
            return this;
        }
    }

    /** A client with the token of a person. */
    public Client as(String person, Scope... scopes) {
        Set<Scope> held = scopes.length == 0 ? Set.of(Scope.READ, Scope.PUSH, Scope.VOTE, Scope.MERGE) : Set.of(scopes);
        return new Client(tokens.issue(new Tokens.Wish(person, "test", held, Duration.ofDays(1)))
                .secret());
    }

    /** The statement by which a person approves a change. */
    public Answer statement(String change, String person, String role) {
        return as(person, Scope.VOTE)
                .post(API + "/changes/" + change + "/statements", Map.of("decision", "approve", "role", role))
                .expect(201);
    }

    /** A person approves a change. */
    public void vote(String change, String person, String role) {
        String statement = statement(change, person, role).body();
        as(person, Scope.VOTE)
                .post(
                        API + "/changes/" + change + "/votes",
                        Map.of("statement", statement, "signature", sign(person, statement)))
                .expect(201);
    }

    /** A person's signature of a statement. */
    public static String sign(String person, String statement) {
        return Shop.key(person).sign(Statement.NAMESPACE, statement.getBytes(StandardCharsets.UTF_8));
    }

    /** Where Git finds the shop in the name of a person. */
    String cloneUrl(String person, Scope... scopes) {
        return "http://" + person + ":" + as(person, scopes).secret + "@127.0.0.1:" + port + "/git/shop.git";
    }

    public Client with(String secret) {
        return new Client(secret);
    }

    public Client anonymous() {
        return new Client("");
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        watchers.stop();
        server.stop();
        webhooks.stop();
        activity.stop();
        events.stop();
        shop.close();
    }

    /** Sends requests in somebody's name. */
    public final class Client {
        private final String secret;

        private Client(String secret) {
            this.secret = secret;
        }

        public String secret() {
            return secret;
        }

        public Answer get(String path, String... headers) {
            return send("GET", path, "", headers);
        }

        public Answer post(String path, Object body, String... headers) {
            return send("POST", path, new String(Json.write(body), StandardCharsets.UTF_8), headers);
        }

        public Answer post(String path) {
            return send("POST", path, "");
        }

        public Answer delete(String path) {
            return send("DELETE", path, "");
        }

        /** Sends a request; its answer must be as the API's document says. */
        public Answer send(String method, String path, String body, String... headers) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                    .timeout(Duration.ofSeconds(60))
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
            if (!secret.isEmpty()) {
                request.header("Authorization", "Bearer " + secret);
            }
            if (headers.length > 0) {
                request.headers(headers);
            }
            return answer(method, path, request.build());
        }

        private Answer answer(String method, String path, HttpRequest request) {
            try {
                HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
                String text = new String(response.body(), StandardCharsets.UTF_8);
                Answer answer = new Answer(response.statusCode(), text, response);
                if (!path.startsWith("/git/") && !path.startsWith("/test/")) {
                    assertThat(DOCUMENT.faults(
                                    method,
                                    path.replaceAll("\\?.*", ""),
                                    answer.status(),
                                    answer.header("Content-Type"),
                                    text))
                            .as(method + " " + path + " answered " + text)
                            .isEmpty();
                }
                return answer;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    /** A server that was started without a folder for them. */
    private static final class NoBackups implements BackupRoutes.Backups {
        @Override
        public void start(String name) {
            throw new Refusal("no-backup-folder", "there is no folder for backups");
        }

        @Override
        public BackupRoutes.BackupView get(String name) {
            throw new Refusal("no-backup-folder", "there is no folder for backups");
        }
    }
}
