package countersign.apply;

import countersign.apply.record.ApplyLog;
import countersign.apply.record.MergedChange;
import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.Faults;
import countersign.manifest.Unit;
import countersign.signing.SigningKey;
import countersign.target.Driver;
import countersign.target.HealthRunner;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings merged changes to their targets, oldest merge first, one unit after another in start order. A unit that fails is
 * brought back, and with it, last one first, every unit that the same change had brought forward, so that a change stands
 * everywhere or nowhere; the rest is held and the manifest is never tried again. A unit that a later merge has too is left to
 * that merge. Each unit's receipt is in the log before the next unit begins. A merge that a freeze holds up waits, and later
 * ones go before it. Used by one thread at a time.
 */
public final class Applier {
    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    /** How far a merge's time may lie ahead of the clock here (PROTOCOL §4.4). */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    /** How long a freeze is believed to hold before anybody looks again. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

    private final Wiring wiring;

    /** When a freeze was last seen to hold up a merge, by its number. */
    private final Map<Long, Instant> frozenAt = new HashMap<>();

    private volatile boolean stopping;

    /**
     * Everything that applying needs.
     *
     * @param applications what is due
     * @param contents what merges want of their units
     * @param log where receipts go
     * @param taint which merges compromised keys made
     * @param freezes which merges have to wait
     * @param drivers by name
     * @param health runs health checks
     * @param identity who signs the receipts
     * @param clock the present time
     * @param faults where tests end the program
     */
    public record Wiring(
            Applications applications,
            UnitContents contents,
            ApplyLog log,
            MergeTaint taint,
            Freezes freezes,
            Map<String, Driver> drivers,
            HealthRunner health,
            Identity identity,
            InstantSource clock,
            Faults faults) {
        public Wiring {
            drivers = Map.copyOf(drivers);
        }
    }

    /**
     * Who signs receipts, and for what.
     *
     * @param repository id of the repository
     * @param log origin of the record log
     * @param name who it is
     * @param key signs
     */
    public record Identity(String repository, String log, String name, SigningKey key) {}

    public Applier(Wiring wiring) {
        this.wiring = wiring;
    }

    /** Does everything that is due for the oldest merge that no freeze holds up; false if there is none, or after a stop. */
    public boolean applyNext() {
        if (stopping) {
            return false;
        }
        for (MergedChange change : wiring.applications().unsettled()) {
            if (!waits(change)) {
                apply(change);
                return true;
            }
        }
        return false;
    }

    /** A freeze forbids to begin with a merge; it does not stop in the middle of one, nor keep one that is refused. */
    private boolean waits(MergedChange change) {
        Instant now = wiring.clock().instant();
        Instant looked = frozenAt.get(change.seq());
        if (looked != null && now.isBefore(looked.plus(LOOK_AGAIN)) && !tooLate(change)) {
            return true;
        }
        boolean frozen = untouched(change)
                && refusal(change).isEmpty()
                && wiring.freezes().find(change, now).isPresent();
        if (frozen) {
            frozenAt.put(change.seq(), now);
        } else {
            frozenAt.remove(change.seq());
        }
        return frozen;
    }

    private void apply(MergedChange change) {
        if (!wiring.applications().failed(change)) {
            bringForward(change);
        }
        if (wiring.applications().failed(change)) {
            bringBack(change);
            hold(change, "another unit of the change failed or is held");
        }
        if (!stopping && wiring.applications().unsettled().contains(change)) {
            throw new IllegalStateException(
                    "still due: " + wiring.applications().units(change.change()));
        }
    }

    /** Has the unit that is being worked on be the last one, for good; may be called by any thread. */
    public void stop() {
        stopping = true;
    }

    private void bringForward(MergedChange change) {
        Optional<String> refused = refusal(change);
        if (refused.isPresent()) {
            hold(change, refused.get());
            return;
        }
        for (Unit unit : order(change)) {
            if (wiring.applications().forward(change).contains(unit)) {
                append(new UnitRun(wiring, change, unit).forward());
            }
            if (stopping || wiring.applications().failed(change)) {
                return;
            }
        }
    }

    private void bringBack(MergedChange change) {
        for (Unit unit : wiring.applications().back(change)) {
            if (stopping) {
                return;
            }
            append(new UnitRun(wiring, change, unit).back(stoodBefore(change, unit)));
        }
    }

    private void hold(MergedChange change, String reason) {
        for (Unit unit : wiring.applications().forward(change)) {
            if (stopping) {
                return;
            }
            append(new UnitRun(wiring, change, unit).held(reason));
        }
    }

    /** Why a merge is never started here, whatever the log says of it. */
    private Optional<String> refusal(MergedChange change) {
        List<String> tainted = wiring.taint().of(change);
        if (!tainted.isEmpty()) {
            return Optional.of("tainted-state: " + String.join("; ", tainted));
        }
        Instant now = wiring.clock().instant();
        if (change.time().isAfter(now.plus(AHEAD))) {
            return Optional.of("merge-time: the merge says it was at " + change.time() + ", now is " + now
                    + "; that is more than " + AHEAD.toMinutes() + " minutes ahead");
        }
        return tooLate(change)
                ? Optional.of("apply-by: not to be started later than " + change.applyBy())
                : Optional.empty();
    }

    private boolean tooLate(MergedChange change) {
        return untouched(change)
                && change.applyBy() != null
                && wiring.clock().instant().isAfter(change.applyBy());
    }

    private boolean untouched(MergedChange change) {
        return wiring.applications().units(change.change()).stream()
                .allMatch(unit -> unit.receipts().isEmpty());
    }

    private List<Unit> order(MergedChange change) {
        List<Unit> due = wiring.applications().forward(change);
        try {
            return StartOrder.of(due, unit -> startAfter(change, unit));
        } catch (Refusal cycle) {
            append(new UnitRun(wiring, change, due.get(0)).impossible(Steps.reasonOf(cycle)));
            return List.of();
        }
    }

    /** A plan that can't be read fails its unit when its turn comes, with the reason. */
    private Set<String> startAfter(MergedChange change, Unit unit) {
        try {
            return wiring.contents().plan(change, unit).startAfter();
        } catch (Refusal | UncheckedIOException unreadable) {
            return Set.of();
        }
    }

    private @Nullable Sha256 stoodBefore(MergedChange change, Unit unit) {
        return wiring.applications().units(change.change()).stream()
                .filter(progress -> progress.unit().equals(unit))
                .flatMap(progress -> progress.receipts().stream())
                .findFirst()
                .map(Receipt::before)
                .orElse(null);
    }

    private void append(Receipt receipt) {
        wiring.faults().reach("apply-before-receipt");
        wiring.log().append(SignedReceipt.sign(receipt, wiring.identity().key()));
        wiring.faults().reach("apply-after-receipt");
        wiring.applications().received(receipt);
        if (receipt.outcome() == Receipt.Outcome.FAILED || receipt.outcome() == Receipt.Outcome.HELD) {
            Receipt.About about = receipt.about();
            LOG.warn(
                    "{} of {} {}: {}",
                    about.unit(),
                    about.change(),
                    receipt.outcome().label(),
                    receipt.reason());
        }
    }
}
