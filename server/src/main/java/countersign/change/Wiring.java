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
import countersign.change.wish.Drafting;
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
        Drafting drafting,
        LostChanges lost) {
    private static final int REMEMBERED = 4_096;

    static Wiring of(Changes.Parts parts) {
        Repository repository = parts.repository();
        Rules rules = Rules.of(parts);
        Known known = Known.of(rules);
        ChangeStore store = known.store();
        Ledger ledger = rules.ledger();
        Reviews reviews = rules.reviews(known, ledger);
        Aftermath aftermath = new Aftermath(
                repository, store, known.records(), known.projection(), reviews, known.effects(), parts.soon());
        aftermath.catchUp(parts.log());
        LostChanges lost = new LostChanges(known.records(), known.projection());
        Admission admission = new Admission(new Admission.Parts(
                repository,
                ledger,
                parts.trusts(),
                rules.proposals(),
                known.records(),
                known.requests(),
                store,
                parts.clock(),
                lost));
        PushRules pushes = new PushRules(parts.documents());
        Conflicts conflicts = new Conflicts(
                store, known.effects(), aftermath::open, reviews::equivalent, known.projection()::happened);
        return new Wiring(
                store,
                rules.clock(),
                known.emergencies(),
                known.requests(),
                known.projection(),
                ledger,
                reviews,
                conflicts,
                aftermath,
                new ChangePushPolicy(repository, ledger, admission, pushes, reviews, conflicts, parts.url()),
                new Openings(repository, admission, pushes, reviews, conflicts),
                rules.ring(),
                rules.keyDesk(ledger, admission, aftermath),
                rules.stopDesk(ledger, admission, aftermath),
                rules.frozen(ledger, known),
                rules.drafting(),
                lost);
    }

    /** What is remembered of changes, in the store and beside it. */
    private record Known(
            ChangeStore store,
            OpenRecords records,
            Requests requests,
            EmergencyReviews emergencies,
            OpenEffects effects,
            Projection projection) {
        static Known of(Rules rules) {
            Changes.Parts parts = rules.parts();
            ChangeStore store = new RememberingChangeStore(parts.store(), REMEMBERED);
            OpenRecords records = new OpenRecords(parts.repository());
            Requests requests = new Requests(parts.repository(), parts.documents());
            EmergencyReviews emergencies =
                    new EmergencyReviews(new Requirements(parts.documents(), parts.trusts(), rules.votes()));
            return new Known(
                    store,
                    records,
                    requests,
                    emergencies,
                    new OpenEffects(),
                    rules.projection(store, records, requests, emergencies));
        }
    }

    /** By what votes and merges are judged, and what only that needs. */
    private record Rules(
            Changes.Parts parts,
            VoteRules votes,
            Gatekeeper gatekeeper,
            KeyRing ring,
            StopSwitch stops,
            LogClock clock,
            Proposals proposals) {
        static Rules of(Changes.Parts parts) {
            VoteRules votes = new VoteRules(parts.verified());
            return new Rules(
                    parts,
                    votes,
                    new Gatekeeper(parts.documents(), parts.trusts(), votes, parts.policies()),
                    new KeyRing(),
                    new StopSwitch(),
                    new LogClock(parts.log(), parts.clock()),
                    new Proposals(parts.documents(), parts.trusts(), parts.policies()));
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

        Reviews reviews(Known known, Ledger ledger) {
            return new Reviews(new Reviews.Parts(
                    parts.repository(),
                    parts.log(),
                    ledger,
                    parts.trusts(),
                    proposals,
                    gatekeeper,
                    votes,
                    known.projection(),
                    known.requests(),
                    ring,
                    known.emergencies(),
                    new Hindrances(known.emergencies(), stops, parts.targets()),
                    new Previews(known.effects()::note),
                    clock));
        }

        FrozenChanges frozen(Ledger ledger, Known known) {
            return new FrozenChanges(
                    new FrozenChanges.Parts(
                            parts.repository(),
                            parts.log(),
                            ledger,
                            known.store(),
                            known.projection(),
                            known.requests(),
                            ring),
                    parts.documents(),
                    parts.trusts(),
                    votes);
        }

        Drafting drafting() {
            return new Drafting(parts.log(), parts.random());
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
                    drafting(),
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
                    drafting(),
                    aftermath::appended));
        }
    }
}
