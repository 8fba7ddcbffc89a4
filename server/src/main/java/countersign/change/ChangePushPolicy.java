package countersign.change;

import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.manifest.ChangeId;
import countersign.repository.Push;
import countersign.repository.PushPolicy;
import countersign.repository.Repository;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which pushes are taken in: one branch {@code change/<name>} at a time, with nothing in it that must never enter
 * history. Thread-safe.
 */
final class ChangePushPolicy implements PushPolicy {
    private static final String BRANCH = "refs/heads/change/";
    private static final int FINDINGS_SHOWN = 50;

    private final Repository repository;
    private final Ledger ledger;
    private final TrustReader trusts;
    private final Proposals proposals;
    private final PushRules rules;
    private final OpenRecords records;
    private final Requests requests;
    private final ChangeStore store;
    private final Reviews reviews;
    private final Numbers numbers;
    private final InstantSource clock;
    private final String url;
    private final Map<Push, Change> accepted = new ConcurrentHashMap<>();

    /** What the policy is made of. */
    record Parts(
            Repository repository,
            Ledger ledger,
            TrustReader trusts,
            Proposals proposals,
            PushRules rules,
            OpenRecords records,
            Requests requests,
            ChangeStore store,
            Reviews reviews,
            Numbers numbers,
            InstantSource clock,
            String url) {}

    ChangePushPolicy(Parts parts) {
        this.repository = parts.repository();
        this.ledger = parts.ledger();
        this.trusts = parts.trusts();
        this.proposals = parts.proposals();
        this.rules = parts.rules();
        this.records = parts.records();
        this.requests = parts.requests();
        this.store = parts.store();
        this.reviews = parts.reviews();
        this.numbers = parts.numbers();
        this.clock = parts.clock();
        this.url = parts.url();
    }

    @Override
    public Verdict judge(Push push) {
        ledger.requireWritable();
        Push.Update update = requireOneChangeBranch(push);
        requirePerson(push);
        String tip = update.after();
        if (tip == null) {
            requireOpen(update);
            return Verdict.accept();
        }
        List<Finding> findings = rules.check(push, trust());
        if (!findings.isEmpty()) {
            throw new Refusal(findings);
        }
        ChangeId change = proposals.changeOf(push.view(), ledger.main(), tip);
        requireSameName(update, change);
        requireNotClosed(change);
        return Verdict.accept();
    }

    @Override
    public List<Repository.RefMove> moves(Push push) {
        Push.Update update = push.updates().get(0);
        List<Repository.RefMove> moves =
                new ArrayList<>(List.of(new Repository.RefMove(update.ref(), update.before(), update.after())));
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Change change = update.after() == null
                ? withdrawn(update)
                : pushed(push, update.after(), now);
        moves.add(records.write(repository, OpenRecords.Entry.of(change)));
        accepted.put(push, change);
        return moves;
    }

    @Override
    public void accepted(Push push) {
        Change change = accepted.remove(push);
        if (change == null) {
            throw new IllegalStateException("accepted without moves");
        }
        reviews.pushed(change);
        if (change.state() == ChangeState.WITHDRAWN) {
            push.say("change #" + change.number() + " " + change.id() + " is withdrawn");
            return;
        }
        Preview preview = reviews.preview(change);
        push.say("change #" + change.number() + " " + change.id() + ", revision "
                + change.revisions().size());
        push.say("  " + url + "/api/v1/changes/" + change.id().name());
        List<Finding> findings = preview.findings();
        push.say(findings.isEmpty() ? "no findings" : findings.size() + " finding(s):");
        findings.stream().limit(FINDINGS_SHOWN).forEach(finding -> push.say("  " + finding));
        reviews.missing(change).forEach(line -> push.say("  " + line));
    }

    private Trust trust() {
        return trusts.read(repository.snapshot(ledger.main()));
    }

    private static Push.Update requireOneChangeBranch(Push push) {
        for (Push.Update update : push.updates()) {
            if (update.ref().equals(Repository.MAIN)) {
                throw new Refusal(
                        "main-is-protected",
                        "main moves only by merging an approved change",
                        "push to change/<name> instead: git push origin HEAD:change/<name>");
            }
            if (!update.ref().startsWith(BRANCH)) {
                throw new Refusal(
                        "not-a-change-branch", update.ref() + " can't be pushed", "push to refs/heads/change/<name>");
            }
        }
        if (push.updates().size() != 1) {
            throw new Refusal("one-branch", "push one change branch at a time");
        }
        return push.updates().get(0);
    }

    private void requirePerson(Push push) {
        trust().findPerson(push.pusher())
                .orElseThrow(() -> new Refusal(
                        "unknown-person", push.pusher() + " has no Person document in access/people on main"));
    }

    private void requireOpen(Push.Update update) {
        String name = update.ref().substring(BRANCH.length());
        Optional<Change> change = store.find(name);
        if (change.isEmpty() || !change.get().state().open()) {
            throw new Refusal("no-such-change", "there is no open change " + name);
        }
    }

    private static void requireSameName(Push.Update update, ChangeId change) {
        if (!update.ref().equals(change.branch())) {
            throw new Refusal(
                    "branch-name",
                    "the branch is " + update.ref().substring("refs/heads/".length()) + ", its request is "
                            + change.document(),
                    "push to change/" + change.name());
        }
    }

    private void requireNotClosed(ChangeId change) {
        store.find(change.name()).filter(known -> !known.state().open()).ifPresent(known -> {
            throw new Refusal(
                    "change-closed",
                    "the change " + known.id() + " is " + known.state().label(),
                    "choose another name for the new change");
        });
        store.find(change.name()).filter(known -> !known.id().equals(change)).ifPresent(known -> {
            throw new Refusal(
                    "change-day",
                    "the change was opened as " + known.id() + ", the push calls it " + change,
                    "keep " + known.id().document());
        });
    }

    private Change withdrawn(Push.Update update) {
        return store.find(update.ref().substring(BRANCH.length()))
                .orElseThrow()
                .withState(ChangeState.WITHDRAWN);
    }

    private Change pushed(Push push, String tip, Instant now) {
        ChangeId id = proposals.changeOf(push.view(), ledger.main(), tip);
        Change.Revision revision = new Change.Revision(tip, push.pusher(), now);
        List<Change.Revision> revisions = new ArrayList<>();
        Optional<Change> known = store.find(id);
        known.ifPresent(change -> revisions.addAll(change.revisions()));
        revisions.add(revision);
        long number = known.map(Change::number).orElseGet(numbers::next);
        return requests.change(
                push.view(), new OpenRecords.Entry(number, id, revisions, false), ChangeState.REVIEW);
    }
}
