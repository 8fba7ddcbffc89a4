package countersign.audit;

import countersign.codec.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Hands lines on and remembers whether all were good. */
final class AuditTally {
    private final Consumer<AuditLine> lines;
    private boolean allGood = true;

    AuditTally(Consumer<AuditLine> lines) {
        this.lines = lines;
    }

    boolean allGood() {
        return allGood;
    }

    void say(AuditLine line) {
        allGood &= line.good();
        lines.accept(line);
    }

    /** The result of a check; a line with the refusal if it refuses. */
    <T> Optional<T> run(String subject, String command, Supplier<T> check) {
        try {
            return Optional.of(check.get());
        } catch (Refusal refusal) {
            say(new AuditLine(subject, "", List.copyOf(refusal.findings()), command));
            return Optional.empty();
        }
    }
}
