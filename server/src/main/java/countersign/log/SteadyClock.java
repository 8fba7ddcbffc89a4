package countersign.log;

import countersign.codec.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's clock for as long as it goes. Once it was set by more than {@link #TOLERANCE} since the start, as a second
 * one tells that nobody can set, the time is what it would be if nobody had touched it; until both agree again. Thread-safe.
 */
public final class SteadyClock implements InstantSource {
    /** How far a clock may be set while the process runs, and what it reads still be believed. */
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

    private final InstantSource machine;
    private final LongSupplier nanoseconds;
    private final Instant began;
    private final long beganAt;
    private final AtomicBoolean told = new AtomicBoolean();

    /** @param nanoseconds goes on evenly from any beginning and is never set */
    public SteadyClock(InstantSource machine, LongSupplier nanoseconds) {
        this.machine = machine;
        this.nanoseconds = nanoseconds;
        this.began = machine.instant();
        this.beganAt = nanoseconds.getAsLong();
    }

    /** One that believes a clock whatever it reads. */
    public static SteadyClock believing(InstantSource machine) {
        return new SteadyClock(
                machine,
                () -> Duration.between(Instant.EPOCH, machine.instant()).toNanos());
    }

    @Override
    public Instant instant() {
        Instant reads = machine.instant();
        Instant expected = expected();
        return jumped(reads, expected) ? expected : reads;
    }

    /** That the machine's clock was set, as {@code clock-jumped}; empty while it goes. The beginning and the end are logged. */
    public Optional<Finding> findProblem() {
        Instant reads = machine.instant();
        Instant expected = expected();
        boolean jumped = jumped(reads, expected);
        if (told.getAndSet(jumped) != jumped) {
            if (jumped) {
                LOG.error("the clock jumped: it reads {}, and it should be {}; nothing is merged", reads, expected);
            } else {
                LOG.info("the clock reads what it should again: {}", reads);
            }
        }
        return jumped
                ? Optional.of(Finding.error(
                                "clock-jumped",
                                "the machine's clock reads " + reads + ", but since the start at " + began
                                        + " only so much time went by that it is " + expected)
                        .withWayOut("set the clock right; if it is right now, start the server again"))
                : Optional.empty();
    }

    private Instant expected() {
        return began.plusNanos(nanoseconds.getAsLong() - beganAt);
    }

    private static boolean jumped(Instant reads, Instant expected) {
        return Duration.between(expected, reads).abs().compareTo(TOLERANCE) > 0;
    }
}
