package countersign.apply;

import countersign.apply.record.Receipt;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.codec.disk.DiskFailure;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The steps of one receipt, noted as they are taken. Used by one thread. */
final class Steps {
    private static final int MAX_DETAIL = 400;

    private final InstantSource clock;
    private final Instant startedAt;
    private final List<Receipt.Step> steps = new ArrayList<>();

    Steps(InstantSource clock) {
        this.clock = clock;
        this.startedAt = now();
    }

    /** Takes a step; what it throws is noted and thrown on. */
    <T> T take(String name, Supplier<T> step, Function<T, String> detail) {
        Instant start = now();
        try {
            T result = step.get();
            note(name, true, detail.apply(result), start);
            return result;
        } catch (Refusal refused) {
            note(name, false, reasonOf(refused), start);
            throw refused;
        } catch (UncheckedIOException failed) {
            note(name, false, reasonOf(failed), start);
            throw failed;
        }
    }

    Instant startedAt() {
        return startedAt;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    List<Receipt.Step> taken() {
        return List.copyOf(steps);
    }

    /** The broken rule and its sides, or what the environment says. */
    static String reasonOf(RuntimeException failed) {
        if (failed instanceof Refusal refused) {
            return cut(refused.rule() + ": " + refused.findings().get(0).message());
        }
        return cut(DiskFailure.find(failed).map(DiskFailure::rule).orElse("environment") + ": " + failed.getMessage());
    }

    private void note(String name, boolean passed, String detail, Instant start) {
        Sha256 digest = Sha256.of(detail.getBytes(StandardCharsets.UTF_8));
        steps.add(new Receipt.Step(name, passed, cut(detail), digest, start, now()));
    }

    /** At most a few hundred characters on one line, and nothing that a canonical text can't hold. */
    static String cut(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cs}\\p{Cf}]+", " ").strip();
        return line.codePointCount(0, line.length()) <= MAX_DETAIL
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_DETAIL)) + "…";
    }
}
