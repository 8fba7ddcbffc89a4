package countersign.audit;

import countersign.codec.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Hands lines on and remembers whether all were good. */
final class AuditTally {
    private final Consumer<AuditLine> lines;
    private final DamagedObjects damaged;
    private boolean allGood = true;

    /**
     * What a check is about.
     *
     * @param subject what is checked, for the reader
     * @param commit the commit whose files it reads
     * @param command what shows the place
     */
    record Step(String subject, String commit, Supplier<String> command) {}

    AuditTally(Consumer<AuditLine> lines, DamagedObjects damaged) {
        this.lines = lines;
        this.damaged = damaged;
    }

    boolean allGood() {
        return allGood;
    }

    void say(String subject, String detail) {
        say(new AuditLine(subject, detail, List.of(), ""));
    }

    void say(AuditLine line) {
        allGood &= line.good();
        lines.accept(line);
    }

    /** The result of a check; a line with the refusal if it refuses. */
    <T> Optional<T> run(Step step, Supplier<T> check) {
        try {
            return Optional.of(check.get());
        } catch (Refusal refusal) {
            say(explain(step, refusal));
            return Optional.empty();
        }
    }

    /** The line about a check that refuses. Safe for use by several threads. */
    AuditLine explain(Step step, Refusal refusal) {
        return new AuditLine(
                step.subject(),
                "",
                damaged.explain(refusal, step.commit()),
                step.command().get());
    }
}
