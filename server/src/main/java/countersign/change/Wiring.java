package countersign.change;

import countersign.change.impact.Conflicts;
import countersign.change.impact.OpenEffects;
import countersign.change.key.KeyDesk;
import countersign.change.key.KeyRing;
import countersign.change.record.OpenRecords;
import countersign.change.record.Requests;
import countersign.change.stop.StopDesk;
import countersign.change.stop.StopSwitch;
import countersign.change.store.ChangeStore;
import countersign.change.store.Happenings;
import countersign.change.store.RememberingChangeStore;
import countersign.gate.Requirements;
import countersign.gate.Verifier;
import countersign.gate.VoteRules;
import countersign.gate.emergency.EmergencyReviews;
import countersign.gate.key.RevocationRules;
import countersign.gate.stop.StopRules;
import countersign.log.LogClock;
import countersign.merge.Gatekeeper;
import countersign.merge.Ledger;
import countersign.merge.Previews;
import countersign.merge.Proposals;
import countersign.merge.PushRules;
import countersign.merge.integrity.TreeIntegrity;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;

/** What changes are served by, made from the parts of {@link Changes} and brought up to date with the log. */
record Wiring(
        ChangeStore store,
        LogClock logClock,
        EmergencyReviews emergencies,
        Requests requests,
        Projection projection,
        Ledger ledger,
        Reviews reviews,
        Conflicts conflicts,
        Aftermath aftermath,
        ChangePushPolicy pushPolicy,
        Openings openings,
        KeyRing ring,
        KeyDesk keys,
        StopDesk stop,
        FrozenChanges frozen,
        LostChanges lost) {
    private static final int REMEMBERED = 4_096;

    static Wiring of(Changes.Parts parts) {
        Repository repository = parts.repository();
        DocumentReader documents = parts.documents();
        ChangeStore store = new RememberingChangeStore(parts.store(), REMEMBERED);
        Rules rules = Rules.of(parts);
        EmergencyReviews emergencies = new EmergencyReviews(new Requirements(documents, parts.trusts(), rules.votes()));
        Requests requests = new Requests(repository, documents);
        Proposals proposals = new Proposals(documents, parts.trusts(), parts.policies());
        OpenRecords records = new OpenRecords(repository);
        Projection projection = rules.projection(store, records, requests, emergencies);
        Ledger ledger = rules.ledger();
        OpenEffects effects = new OpenEffects();
        Reviews reviews = new Reviews(new Reviews.Parts(
                repository,
                parts.log(),
                ledger,
                parts.trusts(),
                proposals,
                rules.gatekeeper(),
                rules.votes(),
                projection,
                requests,
                rules.ring(),
                emergencies,
                new Hindrances(emergencies, rules.stops(), parts.targets()),
                new Previews(effects::note),
                rules.clock()));
        Aftermath aftermath = new Aftermath(repository, store, records, projection, reviews, effects, parts.soon());
        aftermath.catchUp(parts.log());
        LostChanges lost = new LostChanges(records, projection);
        Admission admission = new Admission(new Admission.Parts(
                repository, ledger, parts.trusts(), proposals, records, requests, store, parts.clock(), lost));
        PushRules pushes = new PushRules(documents);
        Conflicts conflicts = new Conflicts(store, effects, aftermath::open, reviews::equivalent, projection::happened);
        return new Wiring(
                store,
                rules.clock(),
                emergencies,
                requests,
                projection,
                ledger,
                reviews,
                conflicts,
                aftermath,
                new ChangePushPolicy(repository, ledger, admission, pushes, reviews, conflicts, parts.url()),
                new Openings(repository, admission, pushes, reviews, conflicts),
                rules.ring(),
                rules.keyDesk(ledger, admission, aftermath),
                rules.stopDesk(ledger, admission, aftermath),
                rules.frozen(ledger, store, projection, requests),
                lost);
    }

    /** By what votes and merges are judged, and what only that needs. */
    private record Rules(
            Changes.Parts parts,
            VoteRules votes,
            Gatekeeper gatekeeper,
            KeyRing ring,
            StopSwitch stops,
            LogClock clock) {
        static Rules of(Changes.Parts parts) {
            VoteRules votes = new VoteRules(parts.verified());
            return new Rules(
                    parts,
                    votes,
                    new Gatekeeper(parts.documents(), parts.trusts(), votes, parts.policies()),
                    new KeyRing(),
                    new StopSwitch(),
                    new LogClock(parts.log(), parts.clock()));
        }

        Ledger ledger() {
            return new Ledger(new Ledger.Parts(
                    parts.repository(),
                    parts.log(),
                    parts.lock(),
                    parts.serverKey(),
                    new Verifier(parts.documents(), parts.trusts(), votes),
                    gatekeeper,
                    new TreeIntegrity(parts.documents(), parts.trusts(), parts.policies()),
                    ring::present,
                    parts.faults(),
                    clock));
        }

        Projection projection(ChangeStore store, OpenRecords records, Requests requests, EmergencyReviews emergencies) {
            return new Projection(
                    parts.repository(),
                    parts.log(),
                    store,
                    records,
                    requests,
                    ring,
                    stops,
                    emergencies,
                    new Happenings(parts.clock(), requests::rescheduling));
        }

        FrozenChanges frozen(Ledger ledger, ChangeStore store, Projection projection, Requests requests) {
            return new FrozenChanges(
                    new FrozenChanges.Parts(parts.repository(), ledger, store, projection, requests, ring),
                    parts.documents(),
                    parts.trusts(),
                    votes);
        }

        StopDesk stopDesk(Ledger ledger, Admission admission, Aftermath aftermath) {
            return new StopDesk(new StopDesk.Parts(
                    parts.log(),
                    ledger,
                    admission::trust,
                    ring::present,
                    new StopRules(votes),
                    stops,
                    clock,
                    parts.random(),
                    aftermath::appended));
        }

        KeyDesk keyDesk(Ledger ledger, Admission admission, Aftermath aftermath) {
            return new KeyDesk(new KeyDesk.Parts(
                    parts.log(),
                    ledger,
                    admission::trust,
                    new RevocationRules(votes),
                    ring,
                    clock,
                    parts.random(),
                    aftermath::appended));
        }
    }
}
