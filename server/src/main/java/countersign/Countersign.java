package countersign;

import countersign.access.RepositorySettings;
import countersign.access.TrustReader;
import countersign.account.Authorisation;
import countersign.account.Passwords;
import countersign.account.SignIn;
import countersign.account.TokenDesk;
import countersign.account.Tokens;
import countersign.activity.ActivityLog;
import countersign.apply.Applications;
import countersign.apply.ApplyQueue;
import countersign.apply.fact.TargetFacts;
import countersign.change.Changes;
import countersign.change.discussion.Discussions;
import countersign.change.event.EventLog;
import countersign.change.store.ChangeStore;
import countersign.cli.data.Program;
import countersign.data.DataFolder;
import countersign.data.DatabaseSettings;
import countersign.data.RunningBackup;
import countersign.data.SecretFile;
import countersign.data.ServerKeys;
import countersign.document.reader.Documents;
import countersign.gate.calendar.Calendars;
import countersign.git.GitRepository;
import countersign.git.transport.SmartTransport;
import countersign.history.History;
import countersign.history.HistoryStore;
import countersign.history.PastTrees;
import countersign.log.Faults;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.log.SteadyClock;
import countersign.manifest.Manifest;
import countersign.manifest.SystemUnits;
import countersign.merge.LogMirror;
import countersign.merge.MergeLock;
import countersign.notify.Networks;
import countersign.notify.WebhookSecrets;
import countersign.notify.Webhooks;
import countersign.policy.PolicyEngine;
import countersign.repository.DocumentReader;
import countersign.signing.SigningKey;
import countersign.signing.VerifiedSignatures;
import countersign.store.Database;
import countersign.store.JdbcChangeStore;
import countersign.store.JdbcCommentStore;
import countersign.store.JdbcEventStore;
import countersign.store.JdbcHistoryStore;
import countersign.store.JdbcLogAnchor;
import countersign.store.JdbcPasswordStore;
import countersign.store.JdbcTokenStore;
import countersign.store.JdbcWebhookStore;
import countersign.web.BackupRoutes;
import countersign.web.Gauges;
import countersign.web.GitRoutes;
import countersign.web.HeadPeople;
import countersign.web.HealthRoutes;
import countersign.web.Metrics;
import countersign.web.Server;
import countersign.web.api.ApiRoutes;
import countersign.web.api.Rooms;
import countersign.web.events.Watchers;
import countersign.web.http.Authentication;
import countersign.web.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/** A server over one data folder: every room, wired by hand, bottom up. */
final class Countersign implements Program.Running {
    private static final int DOCUMENTS = 20_000;
    private static final int SIGNATURES = 10_000;
    /** Names networks, beside the public internet, to which webhooks may lead. */
    private static final String WEBHOOK_NETWORKS = "COUNTERSIGN_WEBHOOK_NETWORKS";

    private static final long MAX_PUSH = 512L << 20;

    /** In which a client merges what it has signed, so that nobody has to look at the change in between. */
    private static final Duration SOON = Duration.ofMillis(50);

    private final Outside outside;
    private final SteadyClock clock;
    private final FileChannel lock;
    private final GitRepository repository;
    private final RecordLog log;
    private final Database database;
    private final DocumentReader documents;
    private final TrustReader trusts;
    private final Resumption resumption;
    private final Applications applications;
    private final Changes changes;
    private final Receipts receipts;
    private final LogMirror mirror;
    private final History.Parts past;
    private final History history;
    private final ApplyQueue queue;
    private final PolicyEngine policies = new PolicyEngine();
    private final Upkeep upkeep = new Upkeep();
    private final Upkeep indexing = new Upkeep();
    private final Upkeep projecting = new Upkeep();
    private final JdbcCommentStore comments;
    private final EventLog events;
    private final Watchers watchers;
    private final Backups backups;
    private final MergeLock merges = MergeLock.inProcess();
    private final Webhooks webhooks;
    private final ActivityLog activity;
    private final Server server;
    private final String url;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * What comes from outside.
     *
     * @param clock the machine's clock, which somebody may set at any time
     * @param nanoseconds goes on evenly and is never set
     * @param variables the environment
     */
    record Outside(
            Faults faults,
            InstantSource clock,
            LongSupplier nanoseconds,
            SecureRandom random,
            Map<String, String> variables) {
        Outside {
            variables = Map.copyOf(variables);
        }

        /** The same with another clock. */
        Outside by(InstantSource other) {
            return new Outside(faults, other, nanoseconds, random, variables);
        }

        /** On this machine. */
        Outside(Faults faults, InstantSource clock, SecureRandom random, Map<String, String> variables) {
            this(faults, clock, System::nanoTime, random, variables);
        }

        /** On this machine, with nothing in the environment. */
        Outside(Faults faults, InstantSource clock, SecureRandom random) {
            this(faults, clock, random, Map.of());
        }
    }

    private Countersign(Program.Serve serve, String url, Outside outside) {
        this.url = url;
        this.clock = new SteadyClock(outside.clock(), outside.nanoseconds());
        this.outside = outside.by(clock);
        DataFolder folder = new DataFolder(serve.data());
        LoggerFactory.getLogger(Countersign.class).debug("logging is set up before a second thread needs it");
        this.lock = folder.lock();
        Meanwhile<Database> opening = Meanwhile.start(
                "database", () -> new DatabaseSettings(outside.variables()).open(folder, serve.database()));
        Meanwhile.run("web", Server::warmUp);
        ServerKeys keys = ServerKeys.read(folder.keys());
        this.repository = GitRepository.open(folder.repository());
        this.log = RecordLog.open(folder.log(), keys.signers(), clock);
        this.mirror = new LogMirror(repository, log, clock);
        this.documents = new DocumentReader(new Documents(), DOCUMENTS);
        this.trusts = new TrustReader(documents);
        this.database = opening.get();
        JdbcEventStore eventStore = new JdbcEventStore(database, outside.random());
        this.comments = new JdbcCommentStore(database, eventStore);
        JdbcChangeStore store = new JdbcChangeStore(database, eventStore);
        HistoryStore pastStore = new JdbcHistoryStore(database);
        this.resumption = Resumption.of(new JdbcLogAnchor(database), log, () -> {
            store.clear();
            pastStore.clear();
        });
        this.applications = resumption.applications();
        Path targets = serve.targets() == null ? folder.targets() : serve.targets();
        Applying applying = new Applying(repository, documents, trusts, applications, targets);
        this.changes = Changes.start(parts(store, keys.server(), applying.facts()));
        this.receipts = new Receipts(log, changes);
        this.events = new EventLog(eventStore);
        this.watchers = new Watchers(events);
        RepositorySettings settings =
                trusts.read(repository.snapshot(changes.main())).settings();
        this.activity = Activities.open(folder, settings.origin(), this.outside);
        this.webhooks = new Webhooks(new Webhooks.Parts(
                new JdbcWebhookStore(database),
                events,
                new WebhookSecrets(SecretFile.readOrDraw(folder.keys().resolve("webhooks"), outside.random())),
                Networks.named(outside.variables().getOrDefault(WEBHOOK_NETWORKS, "")),
                "urn:uuid:" + settings.id(),
                clock,
                outside.random()));
        this.past = past(pastStore);
        this.history = new History(past);
        this.backups = Backups.of(
                new RunningBackup.Parts(folder, repository, log, database, merges, activity::copyTo), serve.backups());
        this.queue = applying.queue(changes, receipts, keys.server(), this.outside);
        this.server = server(serve.address().behindProxy());
    }

    /** Opens the data folder, finishes what a crash left, and listens. */
    static Countersign start(Program.Serve serve, Outside outside) {
        Program.Address address = serve.address();
        ServerSocketChannel port = Server.take(address.host(), address.port());
        boolean listening = false;
        try {
            Countersign countersign = new Countersign(serve, url(address, port), outside);
            countersign.repository.startPacking();
            countersign.queue.start();
            countersign.events.start();
            countersign.watchers.start();
            countersign.webhooks.start();
            countersign.activity.start();
            countersign.server.start(port);
            listening = true;
            countersign.keepUp();
            return countersign;
        } finally {
            if (!listening) {
                release(port);
            }
        }
    }

    private static String url(Program.Address address, ServerSocketChannel port) {
        String url = address.url();
        return url == null ? "http://" + address.host() + ":" + port.socket().getLocalPort() : url;
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public Optional<String> readOnlyReason() {
        return changes.readOnlyReason();
    }

    @Override
    @SuppressWarnings("try") // the resources are only there to be closed, the last one first
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        watchers.stop();
        server.stop();
        backups.finish();
        webhooks.stop();
        activity.stop();
        queue.stop();
        projecting.finish();
        events.stop();
        indexing.finish();
        upkeep.stop();
        boolean writable = readOnlyReason().isEmpty();
        try {
            if (writable) {
                changes.settle();
                remember();
                mirror.publish();
            }
        } finally {
            closeFiles();
        }
    }

    /** Each of them, whatever becomes of the others. */
    private void closeFiles() {
        try {
            log.close();
        } finally {
            try {
                database.close();
            } finally {
                try {
                    repository.close();
                } finally {
                    DataFolder.release(lock);
                }
            }
        }
    }

    private void keepUp() {
        Meanwhile.run("policies", policies::warmUp);
        Meanwhile.run("lost changes", changes::findLost);
        upkeep.every(Duration.ofDays(1), "checking the record log", log::check);
        indexing.every(Duration.ofSeconds(1), "indexing the history", () -> history.catchUp(() -> !closed.get()));
        indexing.after(SOON, "looking at open changes")
                .execute(() -> changes.outlook().prepare(() -> !closed.get()));
        upkeep.every(Duration.ofHours(1), "forgetting old events", events::prune);
        upkeep.every(Duration.ofHours(1), "forgetting old deliveries", webhooks::prune);
        upkeep.every(Duration.ofSeconds(15), "watching the clock", clock::findProblem);
        upkeep.every(Duration.ofMinutes(1), "remembering the record log", this::remember);
    }

    private void remember() {
        resumption.remember(receipts);
    }

    private void merged(LogEntry.Merge merge, Manifest manifest) {
        queue.merged(receipts.merged(merge, manifest));
    }

    private Changes.Parts parts(ChangeStore store, SigningKey serverKey, TargetFacts facts) {
        return new Changes.Parts(
                repository,
                log,
                store,
                documents,
                trusts,
                policies,
                new VerifiedSignatures(SIGNATURES),
                merges,
                serverKey,
                outside.faults(),
                clock,
                outside.random(),
                this::merged,
                facts::against,
                url,
                projecting.after(SOON, "reviewing changes"));
    }

    private History.Parts past(HistoryStore store) {
        return new History.Parts(
                repository, log, store, documents, trusts, () -> changes.keys().revoked());
    }

    private Server server(boolean behindProxy) {
        Tokens tokens = new Tokens(new JdbcTokenStore(database), clock, outside.random());
        HeadPeople people = new HeadPeople(repository, trusts, changes::main);
        Authorisation authorisation = new Authorisation(Authorisation.Reading.TOKEN_HOLDERS, people);
        Passwords passwords = new Passwords(new JdbcPasswordStore(database), people, clock, outside.random());
        Rooms rooms = new Rooms(
                changes,
                repository,
                log,
                trusts,
                new SystemUnits(documents),
                new Calendars(documents),
                applications::lastRecorded,
                new TokenDesk(tokens, authorisation, clock),
                new SignIn(passwords, tokens, authorisation),
                passwords,
                history,
                new PastTrees(history, past),
                events,
                watchers,
                webhooks,
                activity,
                new Discussions(changes, repository, comments, clock),
                url);
        List<Route> routes = new ArrayList<>(ApiRoutes.list(rooms));
        routes.addAll(new HealthRoutes(this::readOnlyReason, queue::findProblem).list());
        MirroredTransport transport =
                new MirroredTransport(new SmartTransport(repository), mirror, this::readOnlyReason);
        routes.addAll(new GitRoutes(transport, changes::pushPolicy, authorisation, MAX_PUSH).list());
        routes.addAll(new BackupRoutes(backups, activity).list());
        Metrics metrics = Gauges.of(changes, log, queue, applications);
        routes.add(metrics.route());
        return new Server(
                Server.Settings.defaults(behindProxy),
                new Server.Guard(new Authentication(tokens), authorisation),
                routes,
                new Server.Observation(metrics, activity, outside.random()));
    }

    private static void release(ServerSocketChannel port) {
        try {
            port.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
