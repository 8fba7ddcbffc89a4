package countersign.codec;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The caller asked for something that a rule forbids. Carries every finding, at least one; {@link #rule()} is the first
 * one's. Refusals are expected outcomes: they are shown to people as they are and hold no secrets.
 */
public final class Refusal extends RuntimeException {
    private final transient List<Finding> findings;

    public Refusal(List<Finding> findings) {
        super(findings.stream().map(Finding::toString).collect(Collectors.joining("\n")), null, false, false);
        if (findings.isEmpty()) {
            throw new IllegalArgumentException("a refusal needs a finding");
        }
        this.findings = List.copyOf(findings);
    }

    public Refusal(Finding finding) {
        this(List.of(finding));
    }

    public Refusal(String rule, String message) {
        this(Finding.error(rule, message));
    }

    public Refusal(String rule, String message, String wayOut) {
        this(Finding.error(rule, message).withWayOut(wayOut));
    }

    public List<Finding> findings() {
        return findings;
    }

    public String rule() {
        return findings.get(0).rule();
    }

    /** Throws if any of the findings blocks; the refusal then carries all of them. */
    public static void ifAnyBlocks(List<Finding> findings) {
        if (findings.stream().anyMatch(Finding::blocks)) {
            throw new Refusal(findings);
        }
    }
}
