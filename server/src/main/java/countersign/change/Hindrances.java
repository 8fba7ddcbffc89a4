package countersign.change;

import countersign.change.stop.StopSwitch;
import countersign.codec.Finding;
import countersign.gate.circumstance.Circumstances;
import countersign.gate.emergency.EmergencyReviews;
import countersign.gate.stop.LoggedStop;
import countersign.manifest.Operation;
import countersign.merge.Preview;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What keeps a change from merging at the moment, whoever signs it: orders to stop, owed reviews, and targets. Thread-safe. */
final class Hindrances {
    private final EmergencyReviews emergencies;
    private final StopSwitch stops;
    private final Function<Preview, List<Finding>> targets;

    /** @param targets what targets themselves report against a change */
    Hindrances(EmergencyReviews emergencies, StopSwitch stops, Function<Preview, List<Finding>> targets) {
        this.emergencies = emergencies;
        this.stops = stops;
        this.targets = targets;
    }

    /** Everything that stands in the way of a change at a time. */
    List<Finding> of(Preview preview, Instant time) {
        List<Finding> all = new ArrayList<>();
        if (preview.request().operation() != Operation.RECOVER) {
            stops.standing().stream()
                    .map(stop -> Finding.error("stopped", stop.message()).withWayOut("countersign resume, by who may"))
                    .forEach(all::add);
        }
        all.addAll(owed(preview, time));
        all.addAll(targets.apply(preview));
        return all;
    }

    /** Overdue reviews of emergencies of the same systems. */
    List<Finding> owed(Preview preview, Instant time) {
        return emergencies.holdingUp(preview.requireManifest(), preview.request(), time);
    }

    /** The same circumstances, and the order to stop that stands. */
    Circumstances with(Circumstances circumstances) {
        return circumstances.stopped(stops.standing().map(LoggedStop::message).orElse(null));
    }
}
