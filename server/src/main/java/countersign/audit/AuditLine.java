package countersign.audit;

import countersign.codec.Finding;
import java.util.List;

/**
 * What the verification says about one thing: the log, the genesis, a change, a receipt, the end of the chain.
 *
 * @param subject what was checked, for example {@code #3 2026-11-21/raise-timeout}
 * @param detail what is known of it when all is well
 * @param findings what is wrong; empty when all is well
 * @param command a command that shows the place; empty if there is none
 */
public record AuditLine(String subject, String detail, List<Finding> findings, String command) {
    public AuditLine {
        findings = List.copyOf(findings);
    }

    public boolean good() {
        return findings.stream().noneMatch(Finding::blocks);
    }

    /** {@code ok    subject  detail}, or {@code FAIL  subject} with the findings and the command below. */
    @Override
    public String toString() {
        if (good()) {
            StringBuilder text = new StringBuilder(findings.isEmpty() ? "ok    " : "warn  ");
            text.append(subject).append("  ").append(detail);
            findings.forEach(finding -> text.append("\n        ").append(finding));
            return text.toString();
        }
        StringBuilder text = new StringBuilder("FAIL  " + subject);
        findings.forEach(finding -> text.append("\n        ").append(finding));
        return command.isEmpty()
                ? text.toString()
                : text.append("\n        see: ").append(command).toString();
    }
}
