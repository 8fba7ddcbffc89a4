package countersign.access;

import countersign.codec.Fields;
import countersign.codec.Sha256;

/**
 * What a repository was copied from, as its {@code countersign.yaml} says (PROTOCOL §7). A note: nothing is decided by it.
 *
 * @param repository id of the original
 * @param commit the commit whose files the genesis has
 * @param contentRoot content root of that commit
 * @param log origin of the original's record log
 * @param entries how many entries that log had
 * @param root its root at these entries
 */
public record CopyOf(String repository, String commit, Sha256 contentRoot, String log, long entries, Sha256 root) {
    static CopyOf read(Fields fields) {
        return new CopyOf(
                fields.text("repository"),
                fields.text("commit"),
                fields.digest("contentRoot"),
                fields.text("log"),
                fields.integer("entries"),
                fields.digest("root"));
    }

    /** For people, in one line. */
    public String line() {
        return "a copy of repository " + repository + " at commit " + commit + " (log " + log + " with " + entries
                + " entries)";
    }
}
