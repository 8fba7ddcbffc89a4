package countersign.change;

import countersign.change.impact.Conflict;
import countersign.change.impact.Conflicts;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.merge.Ledger;
import countersign.merge.PushRules;
import countersign.repository.Repository;
import countersign.repository.push.Push;
import countersign.repository.push.PushPolicy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which pushes are taken in: one branch {@code change/<name>} at a time, with nothing in it that must never enter
 * history. Thread-safe.
 */
final class ChangePushPolicy implements PushPolicy {
    private static final String BRANCH = "refs/heads/change/";
    private static final int FINDINGS_SHOWN = 50;
    private static final int CONFLICTS_SHOWN = 20;

    private final Repository repository;
    private final Ledger ledger;
    private final Admission admission;
    private final PushRules rules;
    private final Reviews reviews;
    private final Conflicts conflicts;
    private final String url;
    private final Map<Push, Change> admitted = new ConcurrentHashMap<>();

    /** @param url how people reach the server, without a final slash */
    ChangePushPolicy(
            Repository repository,
            Ledger ledger,
            Admission admission,
            PushRules rules,
            Reviews reviews,
            Conflicts conflicts,
            String url) {
        this.repository = repository;
        this.ledger = ledger;
        this.admission = admission;
        this.rules = rules;
        this.reviews = reviews;
        this.conflicts = conflicts;
        this.url = url;
    }

    /** Also looks at main on the disk, so that one that was put back by hand is known again before the push is read. */
    @Override
    public void requireOpen() {
        ledger.requireWritable();
    }

    @Override
    public Verdict judge(Push push) {
        ledger.requireWritable();
        Push.Update update = requireOneChangeBranch(push);
        requirePerson(push);
        String tip = update.after();
        if (tip != null) {
            List<Finding> findings = rules.check(push, admission.trust());
            if (!findings.isEmpty()) {
                throw new Refusal(findings);
            }
            String main = push.view().findRef(Repository.MAIN).orElseGet(ledger::main);
            admission.requireFitting(push.view(), main, update.ref(), tip);
        }
        return Verdict.accept();
    }

    @Override
    public List<Repository.RefMove> moves(Push push) {
        Push.Update update = push.updates().get(0);
        Repository.RefMove branch = new Repository.RefMove(update.ref(), update.before(), update.after());
        Admission.Admitted result = update.after() == null
                ? admission.withdraw(branch, push.pusher())
                : admission.admit(repository, branch, update.after(), push.pusher());
        admitted.put(push, result.change());
        return result.moves();
    }

    @Override
    public void accepted(Push push) {
        Change change = admitted.remove(push);
        if (change == null) {
            throw new IllegalStateException("accepted without moves");
        }
        conflicts.pushed(change, () -> reviews.pushed(change));
        if (change.state() == ChangeState.WITHDRAWN) {
            push.say("change #" + change.number() + " " + change.id() + " is withdrawn");
        } else {
            tell(push, change);
        }
    }

    private void tell(Push push, Change change) {
        push.say("change #" + change.number() + " " + change.id() + ", revision "
                + change.revisions().size());
        push.say("  " + url + "/api/v1/changes/" + change.id().name());
        List<Finding> findings = reviews.preview(change).findings();
        push.say(findings.isEmpty() ? "its documents are in order" : findings.size() + " finding(s):");
        findings.stream().limit(FINDINGS_SHOWN).forEach(finding -> push.say("  " + finding));
        List<String> missing = reviews.missing(change);
        if (!missing.isEmpty()) {
            push.say("before it merges:");
        } else if (findings.stream().noneMatch(Finding::blocks)) {
            push.say("ready: countersign change merge " + change.id().name());
        }
        missing.forEach(line -> push.say("  " + line));
        List<Conflict> others = conflicts.of(change);
        if (!others.isEmpty()) {
            push.say("in the way of " + others.size()
                    + " open change(s); whichever merges second may need a new revision:");
        }
        others.stream().limit(CONFLICTS_SHOWN).forEach(conflict -> push.say("  " + conflict.line()));
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
        if (admission.trust().findPerson(push.pusher()).isEmpty()) {
            throw new Refusal("unknown-person", push.pusher() + " has no Person document in access/people on main");
        }
    }
}
