package countersign.change;

import countersign.change.impact.ChangeImpact;
import countersign.change.impact.Conflict;
import countersign.change.impact.Conflicts;
import countersign.change.impact.Impacts;
import countersign.change.record.Requests;
import countersign.change.record.Schedule;
import countersign.change.store.Change;
import countersign.change.store.ChangeStore;
import countersign.codec.Refusal;
import countersign.gate.emergency.EmergencyReviews;
import countersign.gate.emergency.OwedReview;
import countersign.log.LogClock;
import countersign.manifest.assessment.Risk;
import countersign.merge.Preview;
import countersign.merge.Waivers;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** What bears on the decision about a change, and which decisions wait. Thread-safe; every answer is of the moment. */
public final class Outlook {
    private final ChangeStore store;
    private final Aftermath aftermath;
    private final Projection projection;
    private final Reviews reviews;
    private final Requests requests;
    private final EmergencyReviews emergencies;
    private final Conflicts conflicts;
    private final Impacts impacts;
    private final LogClock clock;
    private final Supplier<List<Waivers.Reviewed>> waivers;
    private final Function<String, Preview> previews;

    /**
     * @param previews what a change would do, or did
     * @param waivers how the waivers of main stand at a time
     */
    Outlook(
            Wiring wiring,
            Impacts impacts,
            Function<String, Preview> previews,
            Function<Instant, List<Waivers.Reviewed>> waivers) {
        this.store = wiring.store();
        this.aftermath = wiring.aftermath();
        this.projection = wiring.projection();
        this.reviews = wiring.reviews();
        this.requests = wiring.requests();
        this.emergencies = wiring.emergencies();
        this.conflicts = wiring.conflicts();
        this.clock = wiring.logClock();
        this.impacts = impacts;
        this.previews = previews;
        this.waivers = () -> waivers.apply(clock.now());
    }

    /** Changes that wait for a decision, the most pressing first. */
    public List<Change> waiting(ChangeStore.Waiting query) {
        aftermath.finishReviews();
        return store.waiting(query);
    }

    /** How many changes wait for a decision that is overdue. */
    public int late() {
        aftermath.finishReviews();
        return store.late(clock.now());
    }

    /** How many decisions were taken in behind their deadline since the start. */
    public long decidedLate() {
        return projection.decidedLate();
    }

    /** Signatures that merged emergency changes owe, oldest merge first. */
    public List<OwedReview> owedReviews() {
        return emergencies.owed();
    }

    /** How the waivers of main stand, the first to end first. */
    public List<Waivers.Reviewed> waivers() {
        return waivers.get();
    }

    /** The risk of a change, with everything that it was found from. */
    public Risk risk(String name) {
        return reviews.risk(previews.apply(name));
    }

    /** When a change may merge, and every move of that. */
    public Schedule schedule(String name) {
        return requests.schedule(
                store.find(name).orElseThrow(() -> new Refusal("no-such-change", "there is no change " + name)));
    }

    /** What a change reaches by the references between documents, beside what its author declares. */
    public ChangeImpact impact(String name) {
        return impacts.of(previews.apply(name));
    }

    /**
     * Looks at what was open before the start, so that the first push need not; takes the longer the more that is.
     *
     * @param goOn asked before each open change
     */
    public void prepare(BooleanSupplier goOn) {
        conflicts.prepare(goOn);
    }

    /** The other open changes that are in the way of a change, newest first; those that are wrong themselves are not. */
    public List<Conflict> conflicts(String name) {
        return conflicts.of(previews.apply(name));
    }
}
