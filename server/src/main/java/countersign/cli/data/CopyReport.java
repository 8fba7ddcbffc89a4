package countersign.cli.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What whoever made a copy has to know of it. */
final class CopyReport {
    private CopyReport() {}

    static List<String> lines(Program.Copied copied, Path from, Path data) {
        List<String> lines = new ArrayList<>(List.of(
                "founded in " + data + " a copy of " + from,
                "  of           " + copied.from().repository() + " at "
                        + copied.from().commit(),
                "  repository   " + copied.founded().id(),
                "  record log   " + copied.origin(),
                "  genesis      " + copied.founded().genesis(),
                "  content root " + copied.founded().contentRoot(),
                "Write genesis and content root down; countersign verify checks against them.",
                "People with a key: " + said(copied.signers())));
        copied.revoked().forEach(key -> lines.add("Left out, since revoked in the original: " + key));
        lines.addAll(List.of(
                "Not taken over: changes/ and all votes, the logs, tokens, passwords, webhooks, comments, stops,"
                        + " emergencies that owe signatures. Templates want to be approved anew.",
                "Applied to:        " + said(copied.released()),
                "Held, not applied: " + said(copied.held())));
        if (!copied.held().isEmpty()) {
            lines.add("A change that takes a name out of spec.heldTargets in countersign.yaml releases that target.");
        }
        lines.addAll(List.of(
                "Next:",
                "  countersign token create --data " + data + " --person <name>",
                "  countersign serve --data " + data));
        return lines;
    }

    private static String said(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
