package countersign.change;

import countersign.access.TrustReader;
import countersign.change.impact.Impacts;
import countersign.change.key.KeyDesk;
import countersign.change.key.KeyRing;
import countersign.change.stop.StopDesk;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import countersign.change.undo.Recoveries;
import countersign.change.undo.Rollbacks;
import countersign.change.wish.BadMergesWish;
import countersign.change.wish.Draft;
import countersign.change.wish.Drafting;
import countersign.change.wish.Opening;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.gate.GateRecord;
import countersign.gate.Requirements;
import countersign.gate.RollbackRules;
import countersign.gate.VoteRules;
import countersign.gate.circumstance.Chain;
import countersign.gate.recovery.RecoveryRules;
import countersign.gate.taint.BadMerges;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.log.Faults;
import countersign.log.LogClock;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.log.SteadyClock;
import countersign.manifest.Manifest;
import countersign.merge.Gatekeeper;
import countersign.merge.Ledger;
import countersign.merge.MergeLock;
import countersign.merge.Merged;
import countersign.merge.Preview;
import countersign.merge.Waivers;
import countersign.policy.PolicyEngine;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.push.PushPolicy;
import countersign.signing.SigningKey;
import countersign.signing.VerifiedSignatures;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The changes of one repository, from the push that opens one to the statement that confirms it. Thread-safe. Every
 * method that returns a change returns it as it stands after the call.
 */
public final class Changes {
    private final Repository repository;
    private final RecordLog log;
    private final ChangeStore store;
    private final TrustReader trusts;
    private final InstantSource clock;
    private final LogClock logClock;
    private final Drafting drafting;
    private final BiConsumer<LogEntry.Merge, Manifest> merged;
    private final Projection projection;
    private final Ledger ledger;
    private final Reviews reviews;
    private final VoteDesk votes;
    private final Aftermath aftermath;
    private final ChangePushPolicy pushPolicy;
    private final Openings openings;
    private final Rollbacks rollbacks;
    private final KeyRing ring;
    private final KeyDesk keys;
    private final StopDesk stop;
    private final FrozenChanges frozen;
    private final LostChanges lost;
    private final Outlook outlook;

    /**
     * What the service is made of.
     *
     * @param merged told of each merge after it counts, on the merging thread
     * @param targets what targets themselves report against bringing an open change to them
     * @param url how people reach the server, without a final slash
     * @param soon runs what nobody waits for a moment after it was handed in, on another thread
     */
    public record Parts(
            Repository repository,
            RecordLog log,
            ChangeStore store,
            DocumentReader documents,
            TrustReader trusts,
            PolicyEngine policies,
            VerifiedSignatures verified,
            MergeLock lock,
            SigningKey serverKey,
            Faults faults,
            SteadyClock clock,
            RandomGenerator random,
            BiConsumer<LogEntry.Merge, Manifest> merged,
            Function<Preview, List<Finding>> targets,
            String url,
            Executor soon) {}

    private Changes(Parts parts, Wiring wiring) {
        this.repository = parts.repository();
        this.log = parts.log();
        this.store = wiring.store();
        this.trusts = parts.trusts();
        this.clock = parts.clock();
        this.logClock = wiring.logClock();
        this.drafting = wiring.drafting();
        this.merged = parts.merged();
        Waivers waivers = new Waivers(
                parts.documents(),
                new Requirements(parts.documents(), parts.trusts(), new VoteRules(parts.verified())),
                parts.policies());
        this.outlook = new Outlook(
                wiring,
                new Impacts(parts.documents()),
                this::preview,
                time -> waivers.list(repository.snapshot(main()), time));
        this.projection = wiring.projection();
        this.ledger = wiring.ledger();
        this.reviews = wiring.reviews();
        this.votes = reviews.desk();
        this.aftermath = wiring.aftermath();
        this.pushPolicy = wiring.pushPolicy();
        this.openings = wiring.openings();
        this.rollbacks = new Rollbacks(repository, new RollbackRules(parts.documents()));
        this.ring = wiring.ring();
        this.keys = wiring.keys();
        this.stop = wiring.stop();
        this.frozen = wiring.frozen();
        this.lost = wiring.lost();
    }

    /** Brings the projection up to date and finishes what a crash left after a commit point. */
    public static Changes start(Parts parts) {
        Changes changes = new Changes(parts, Wiring.of(parts));
        if (changes.readOnlyReason().isEmpty()) {
            changes.aftermath.finishClosing();
        }
        return changes;
    }

    /** Finds withdrawn changes again that a crash took. */
    public void findLost() {
        lost.find();
    }

    /** Opens a change without Git; the same rules as for a push. */
    public Change open(String person, Opening opening) {
        String main = requireWritableMain();
        String name = opening.change().name();
        if (store.find(name).isPresent()) {
            throw new Refusal("duplicate-name", "the name " + name + " is taken", "choose another");
        }
        return push(person, main, opening);
    }

    private Change push(String person, String main, Opening opening) {
        openings.push(person, opening.change(), main, opening, clock.instant());
        return get(opening.change().name());
    }

    /** Adds a revision to an open change: the edits on top of its newest revision. */
    public Change revise(String person, String name, Opening opening) {
        requireWritableMain();
        Change change = requireOpen(name);
        openings.push(person, change.id(), change.tip().commit(), opening, clock.instant());
        return get(name);
    }

    /** Whether there is or was a change with this name. */
    public boolean knows(String name) {
        return store.find(name).isPresent();
    }

    /** The change, or a Refusal {@code no-such-change}. */
    public Change get(String name) {
        aftermath.finishReviews(known(name).id());
        return known(name);
    }

    /** The change with a number, or a Refusal {@code no-such-change}. */
    public Change get(long number) {
        store.find(number).map(Change::id).ifPresent(aftermath::finishReviews);
        return store.find(number).orElseThrow(() -> new Refusal("no-such-change", "there is no change #" + number));
    }

    /** Changes, newest first. */
    public List<Change> list(ChangeStore.Query query) {
        aftermath.finishReviews();
        return store.list(query);
    }

    /** Finishes what nobody has waited for, so that the store has seen the log to its end. */
    public void settle() {
        aftermath.finishReviews();
    }

    /** What an open change would do to present main, or what a merged one did. */
    public Preview preview(String name) {
        Change change = known(name);
        Merged merge = change.merged();
        if (merge == null) {
            requireNotWithdrawn(change);
            return reviews.preview(change);
        }
        Snapshot after = repository.snapshot(merge.commit());
        Manifest manifest = RollbackRules.merged(after, change.id()).orElseThrow();
        return reviews.merged(change, merge, manifest);
    }

    /** What bears on decisions, and which of them wait. */
    public Outlook outlook() {
        return outlook;
    }

    /** The gate of an open change as it stands, or the frozen one of a merged change. */
    public Gatekeeper.Evaluation gate(String name) {
        Change change = known(name);
        Merged merge = change.merged();
        if (merge == null) {
            requireNotWithdrawn(change);
            return reviews.evaluate(change);
        }
        byte[] bytes =
                repository.snapshot(merge.commit()).read(change.id().folder() + "/gate.json", GateRecord.MAX_BYTES);
        return new Gatekeeper.Evaluation(GateRecord.parse(bytes), List.of());
    }

    /** The name under which the recovery key of a fingerprint signs. */
    public String recoverySigner(String fingerprint) {
        return RecoveryRules.signer(
                trusts.read(repository.snapshot(ledger.main())).settings(), fingerprint);
    }

    /** The statement that somebody is to sign, byte for byte. */
    public Statement draft(String name, Draft draft) {
        Reviews.Ground ground = reviews.ground(known(name));
        return drafting.statement(draft, ground.effect(), reviews.now());
    }

    /** Takes a signed statement: judged by every rule for votes, logged for ever, then counted. */
    public Vote vote(String name, byte[] statement, String signature) {
        ledger.requireWritable();
        Change change = known(name);
        Vote cast = votes.read(statement, signature);
        VoteDesk.Judged judged = votes.judge(change, cast);
        Vote vote = ledger.betweenMerges(
                change.id(), () -> ring.betweenRevocations(() -> votes.vote(known(name), cast, judged)));
        aftermath.voted(change, vote.index());
        return vote;
    }

    /** Every statement about a change, in the order of the log. */
    public List<Vote> votes(String name) {
        return projection.testimony().votes(known(name).id());
    }

    /** Merges an open change into main if its gate is open. */
    public Change merge(String name) {
        Change change = requireOpen(name);
        Ledger.Merge merge = ledger.betweenMerges(change.id(), () -> {
            Ledger.Merge done = ledger.merge(() -> reviews.preview(requireOpen(name)), reviews::hear);
            projection.merged(done.merged().index(), done.entry(), done.manifest());
            return done;
        });
        aftermath.close(change);
        aftermath.merged(merge);
        merged.accept(merge.entry(), merge.manifest());
        return get(name);
    }

    /** Withdraws an open change: deletes its branch. A Refusal {@code not-yours} unless the person may. */
    public Change withdraw(String name, String person) {
        requireWritableMain();
        Change change = requireOpen(name);
        openings.withdraw(change, person);
        aftermath.close(change);
        return get(name);
    }

    /**
     * Opens the change that takes back a merged one; refused with the paths if later merges touched them. One that was
     * withdrawn is opened again, because no other name would do.
     */
    public Change rollback(String name, String person) {
        String main = requireWritableMain();
        Change of = get(name);
        String day = Rollbacks.day(store.find(of.id().rollbackName()), clock.instant());
        return push(person, main, rollbacks.opening(of, repository.snapshot(main), person, day));
    }

    /** Opens the recovery that names merges bad and takes back what they left; recovery keys sign it. */
    public Change recover(BadMergesWish wish, String person) {
        Chain chain = ledger.chain(requireWritableMain());
        return open(person, Recoveries.opening(wish, chain, person, clock.instant()));
    }

    /**
     * Appends a receipt to the log and records it. One that tells of a failure waits for a merge under way, because it may
     * bear on the next.
     */
    public void received(Function<Instant, LogEntry.Receipt> dated, boolean failure) {
        if (failure) {
            ledger.outsideMerges(() -> received(dated));
        } else {
            received(dated);
        }
    }

    private long received(Function<Instant, LogEntry.Receipt> dated) {
        LogEntry.Receipt entry = dated.apply(logClock.now());
        long index = log.append(entry);
        aftermath.appended(index, entry);
        return index;
    }

    /** The manifest of a merge. */
    public Manifest manifestOf(LogEntry.Merge merge) {
        return projection.manifestOf(merge);
    }

    /** All merges that recoveries name bad. */
    public BadMerges badMerges() {
        return projection.badMerges();
    }

    /** By which every entry of the log is dated. */
    public LogClock logClock() {
        return logClock;
    }

    /** Takes in orders to stop everything and to go on. */
    public StopDesk stop() {
        return stop;
    }

    /** Takes in revocations of keys. */
    public KeyDesk keys() {
        return keys;
    }

    /** Which merged changes wait for the end of a freeze. */
    public FrozenChanges frozen() {
        return frozen;
    }

    /** Decides about pushes. */
    public PushPolicy pushPolicy() {
        return pushPolicy;
    }

    /** Why nothing may be written; empty if all is well. */
    public Optional<String> readOnlyReason() {
        return ledger.readOnlyReason();
    }

    /** The commit that main points to. */
    public String main() {
        return ledger.main();
    }

    private String requireWritableMain() {
        ledger.requireWritable();
        return ledger.main();
    }

    /** The change, whose state may lack what was signed just now; whether it is open is known. */
    private Change known(String name) {
        return store.find(name).orElseThrow(() -> new Refusal("no-such-change", "there is no change " + name));
    }

    private Change requireOpen(String name) {
        Change change = known(name);
        if (!change.state().open()) {
            throw new Refusal(
                    "change-closed",
                    "the change " + change.id() + " is " + change.state().label(),
                    "open a new change; what was merged is taken back by change rollback");
        }
        return change;
    }

    private static void requireNotWithdrawn(Change change) {
        if (change.state() == ChangeState.WITHDRAWN) {
            throw new Refusal("change-closed", "the change " + change.id() + " was withdrawn", "open a new change");
        }
    }
}
