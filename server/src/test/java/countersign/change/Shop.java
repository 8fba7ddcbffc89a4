package countersign.change;

import countersign.TemporaryFolder;
import countersign.access.TrustReader;
import countersign.change.event.InMemoryEventStore;
import countersign.change.key.KeyDesk;
import countersign.change.stop.StopDesk;
import countersign.change.store.Change;
import countersign.change.store.ChangeStore;
import countersign.change.store.InMemoryChangeStore;
import countersign.change.wish.Draft;
import countersign.change.wish.Opening;
import countersign.codec.Finding;
import countersign.document.reader.Documents;
import countersign.gate.key.Revocation;
import countersign.gate.stop.StopOrder;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.log.Faults;
import countersign.log.LogEntry;
import countersign.log.LogSigners;
import countersign.log.RecordLog;
import countersign.log.SteadyClock;
import countersign.manifest.Manifest;
import countersign.merge.MergeLock;
import countersign.merge.Preview;
import countersign.merge.founding.Founding;
import countersign.policy.PolicyEngine;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.object.InMemoryRepository;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import countersign.signing.SshPrivateKey;
import countersign.signing.VerifiedSignatures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A small shop under change management, with people who have keys: what tests of this room play with. */
public final class Shop implements AutoCloseable {
    public static final String DAY = "2026-11-21";
    public static final String SYSTEM = "systems/checkout/checkout-production.yaml";

    public final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
    public final Repository repository;
    public final DocumentReader documents = new DocumentReader(new Documents(), 1000);
    public final TrustReader trusts = new TrustReader(documents);
    public final SshPrivateKey serverKey = key("server");
    public final LogSigners signers;
    public final List<LogEntry.Merge> merges = new ArrayList<>();

    /** Runs what nobody waits for. */
    public Executor soon = Runnable::run;

    /** What targets report against an open change. */
    public Function<Preview, List<Finding>> targets = preview -> List.of();

    private final Path folder;
    private RecordLog log;
    /** What happened to changes. */
    public InMemoryEventStore events = new InMemoryEventStore();

    private ChangeStore store = new InMemoryChangeStore(events);
    private Changes changes;
    private Runnable closes = () -> {};

    private Shop(Path folder, Repository repository, Faults faults) {
        this.folder = folder;
        this.repository = repository;
        byte[] seed = new byte[32];
        this.signers = LogSigners.of(
                "shop.example/log",
                new NoteSigner("shop.example/log", NoteKey.Algorithm.ED25519, seed),
                new NoteSigner(
                        "shop.example/clock",
                        NoteKey.Algorithm.COSIGNATURE,
                        key("clock-seed").publicKey().blob().length > 32
                                ? java.util.Arrays.copyOfRange(
                                        key("clock-seed").publicKey().blob(), 19, 51)
                                : seed));
        this.log = RecordLog.open(folder.resolve("log"), signers, now::get);
        new Founding(repository, log, serverKey, documents).found(charter(), now.get());
        this.changes = Changes.start(parts(faults));
    }

    /** A folder of its own below the shop's. */
    public Path folder(String name) {
        return folder.resolve(name);
    }

    /** A shop in memory, whose log has a folder that goes with it. */
    public static Shop open() {
        TemporaryFolder folder = TemporaryFolder.open();
        Shop shop = open(folder.path());
        shop.closes = folder::close;
        return shop;
    }

    public static Shop open(Path folder) {
        return new Shop(folder, new InMemoryRepository(), Faults.NONE);
    }

    public static Shop open(Path folder, Repository repository, Faults faults) {
        return new Shop(folder, repository, faults);
    }

    public Changes changes() {
        return changes;
    }

    public RecordLog log() {
        return log;
    }

    /** The same with a store that a crash has set back to an empty one, which had seen so many entries of the log. */
    public Changes restartWithStoreOf(long projected) {
        events = new InMemoryEventStore();
        store = new InMemoryChangeStore(events);
        store.setProjected(projected);
        changes = Changes.start(parts(Faults.NONE));
        return changes;
    }

    /** Closes everything and starts again; the database is gone if forgetful. */
    public Changes restart(boolean forgetful, Faults faults) {
        log.close();
        log = RecordLog.open(folder.resolve("log"), signers, now::get);
        if (forgetful) {
            store = new InMemoryChangeStore();
        }
        changes = Changes.start(parts(faults));
        return changes;
    }

    /** Starts again with other keys of the log. */
    public Changes rotate(LogSigners others) {
        log.close();
        log = RecordLog.open(folder.resolve("log"), others, now::get);
        changes = Changes.start(parts(Faults.NONE));
        return changes;
    }

    /** The same key for the same name, for ever. */
    public static SshPrivateKey key(String name) {
        byte[] seed = new byte[32];
        new Random(name.hashCode()).nextBytes(seed);
        return SshPrivateKey.ofEd25519Seed(seed);
    }

    /** Opens a change by ann that gives checkout in production a new time-out. */
    public Change opened(String name, int timeout) {
        return open("ann", name, Map.of(SYSTEM, system("production", timeout)));
    }

    public Change open(String person, String name, Map<String, String> files) {
        return changes.open(person, opening(person, name, files));
    }

    /** Opens a change whose request somebody has worded otherwise. */
    public Change open(String person, String name, Map<String, String> files, UnaryOperator<String> request) {
        Map<String, String> all = new HashMap<>(files);
        all.put("changes/" + DAY + "/" + name + ".yaml", request.apply(request(person, name)));
        return changes.open(person, opening(name, all));
    }

    public static Opening opening(String person, String name, Map<String, String> files) {
        Map<String, String> all = new HashMap<>(files);
        all.put("changes/" + DAY + "/" + name + ".yaml", request(person, name));
        return opening(name, all);
    }

    private static Opening opening(String name, Map<String, String> files) {
        Map<String, Edit> edits = new HashMap<>();
        files.forEach((path, text) -> edits.put(path, write(text)));
        return new Opening("Change " + name, edits);
    }

    public Vote vote(String change, String person, Decision decision, String role) {
        return vote(change, person, decision, role, key(person));
    }

    public Vote vote(String change, String person, Decision decision, String role, SshPrivateKey key) {
        Statement statement = draft(change, person, decision, role);
        return changes.vote(change, statement.bytes(), key.sign(Statement.NAMESPACE, statement.bytes()));
    }

    public Statement draft(String change, String person, Decision decision, String role) {
        return changes.draft(change, new Draft(person, decision, role, "seen", null, "manual"));
    }

    /** A person orders everything to stop, or to go on. */
    public void order(String person, StopOrder.Decision decision, String role, String reason) {
        StopOrder order = changes.stop().draft(new StopDesk.Wish(person, decision, role, reason, "cli"));
        changes.stop().order(order.bytes(), key(person).sign(Statement.NAMESPACE, order.bytes()));
    }

    /** A person revokes the key of a name with the person's first key. */
    public void revoke(String person, String key, Long since) {
        Revocation revocation = changes.keys()
                .draft(new KeyDesk.Wish(person, key(key).publicKey().fingerprint(), since, "", "manual"));
        changes.keys().revoke(revocation.bytes(), key(person).sign(Statement.NAMESPACE, revocation.bytes()));
    }

    /** A RoleGrant for years. */
    public static String grant(String person, String role) {
        return grantUntil(person, role, "2027-12-31T00:00:00Z");
    }

    /** Opened by ann, signed by carol, dave and erin, merged. */
    public Change merged(String name, int timeout) {
        opened(name, timeout);
        approve(name);
        return changes.merge(name);
    }

    public void approve(String name) {
        vote(name, "carol", Decision.APPROVE, "approver");
        vote(name, "dave", Decision.APPROVE, "approver");
        vote(name, "erin", Decision.APPROVE, "security");
    }

    public static String system(String environment, int timeout) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata:
                  name: checkout-%s
                spec:
                  owner: {unit: shop, person: ann}
                  environment: %s
                  classification: public
                  targets: [web-%s]
                  files:
                    - path: checkout.properties
                      format: properties
                      data: {timeout: %d}
                """.formatted(environment, environment, environment, timeout);
    }

    @Override
    public void close() {
        log.close();
        repository.close();
        closes.run();
    }

    private Changes.Parts parts(Faults faults) {
        return new Changes.Parts(
                repository,
                log,
                store,
                documents,
                trusts,
                new PolicyEngine(),
                new VerifiedSignatures(1000),
                MergeLock.inProcess(),
                serverKey,
                faults,
                SteadyClock.believing(now::get),
                new Random(7),
                (LogEntry.Merge merge, Manifest manifest) -> merges.add(merge),
                preview -> targets.apply(preview),
                "http://shop.example",
                work -> soon.execute(work));
    }

    private Founding.Charter charter() {
        Map<String, byte[]> content = new LinkedHashMap<>();
        for (String person : List.of("ann", "bob", "carol", "dave", "erin", "frank", "heidi")) {
            content.put("access/people/" + person + ".yaml", bytes("""
                    apiVersion: countersign.dev/v1
                    kind: Person
                    metadata:
                      name: %s
                    spec:
                      displayName: %s
                      emails: [%s@shop.example]
                      keys: []
                    """.formatted(person, person, person)));
        }
        grant(content, "carol", "approver", "2027-12-31T00:00:00Z");
        grant(content, "dave", "approver", "2027-12-31T00:00:00Z");
        grant(content, "erin", "security", "2027-12-31T00:00:00Z");
        grant(content, "frank", "change-control", "2027-12-31T00:00:00Z");
        grant(content, "frank", "operator", "2027-12-31T00:00:00Z");
        grant(content, "heidi", "approver", "2026-03-31T00:00:00Z");
        rule(content, "all", "{paths: [\"**\"]}", "[{role: approver, count: 1}]");
        rule(
                content,
                "production",
                "{environments: [production]}",
                "[{role: approver, count: 2}, {role: security, count: 1}]");
        for (String environment : List.of("test", "production")) {
            content.put("targets/web-" + environment + ".yaml", bytes("""
                    apiVersion: countersign.dev/v1
                    kind: Target
                    metadata:
                      name: web-%s
                    spec:
                      environment: %s
                      driver: directory
                      directory: {path: %s/web}
                    """.formatted(
                            environment, environment, environment)));
            content.put("systems/checkout/checkout-" + environment + ".yaml", bytes(system(environment, 30)));
        }
        content.put("README.md", bytes("# The shop\n"));
        Map<String, List<countersign.signing.SshPublicKey>> keys = new HashMap<>();
        for (String person : List.of("ann", "bob", "carol", "dave", "erin", "frank", "heidi")) {
            keys.put(person, List.of(key(person).publicKey()));
        }
        keys.put("carol", List.of(key("carol").publicKey(), key("carol-second").publicKey()));
        return new Founding.Charter(
                "6f0f1a3e-6f1c-4c43-9f0f-0d8c1e8c7a11",
                "shop",
                null,
                content.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, file -> new Edit.Write(FileMode.REGULAR, file.getValue()))),
                keys,
                List.of(signers.signers().get(0).key()),
                List.of(signers.signers().get(1).key()),
                List.of(key("recovery").publicKey()),
                1);
    }

    private static void grant(Map<String, byte[]> content, String person, String role, String until) {
        content.put("access/grants/" + person + "-" + role + ".yaml", bytes(grantUntil(person, role, until)));
    }

    private static String grantUntil(String person, String role, String until) {
        return """
                apiVersion: countersign.dev/v1
                kind: RoleGrant
                metadata:
                  name: %s-%s
                spec:
                  person: %s
                  role: %s
                  notBefore: "2026-01-01T00:00:00Z"
                  notAfter: "%s"
                """.formatted(person, role, person, role, until);
    }

    private static void rule(Map<String, byte[]> content, String name, String match, String require) {
        content.put("policies/" + name + ".yaml", bytes("""
                apiVersion: countersign.dev/v1
                kind: ApprovalRule
                metadata:
                  name: %s
                spec:
                  match: %s
                  require: %s
                """.formatted(name, match, require)));
    }

    private static String request(String person, String name) {
        return """
                apiVersion: countersign.dev/v1
                kind: ChangeRequest
                metadata:
                  name: %s
                spec:
                  title: Give checkout another time-out
                  type: normal
                  reason: Payments time out.
                  requester: %s
                  contact: %s@shop.example
                  maintenanceType: corrective
                  plan: {scope: checkout, steps: [merge], risk: low}
                  test: {plan: watch the error rate}
                  backout: {plan: roll back}
                  securityImpact: none
                  rollback: {roles: [operator], for: PT24H}
                """.formatted(name, person, person);
    }

    public static Edit write(String text) {
        return new Edit.Write(FileMode.REGULAR, bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
