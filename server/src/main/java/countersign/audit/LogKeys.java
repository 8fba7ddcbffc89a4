package countersign.audit;

import countersign.access.RepositorySettings;
import countersign.codec.Refusal;
import countersign.log.Checkpoint;
import countersign.log.copy.LogReader;
import countersign.signing.NoteKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys that may sign the log, as the merges of the trust root change them (PROTOCOL §7). A change alone makes no key
 * of the log: behind its merge there must be a checkpoint that a key of before and the new key signed, so that whoever
 * keeps the old key agreed. Not thread-safe.
 */
final class LogKeys {
    private final List<Rotation> rotations = new ArrayList<>();
    private Set<NoteKey> trusted;

    /**
     * A merge that changed the keys.
     *
     * @param index of its log entry
     */
    record Rotation(long index, long seq, List<NoteKey> after) {}

    LogKeys(RepositorySettings start) {
        this.trusted = new LinkedHashSet<>(start.logKeys());
    }

    /** Takes note of a merge that changed the trust root; in the order of the chain. */
    void follow(long index, long seq, RepositorySettings before, RepositorySettings after) {
        if (!Set.copyOf(before.logKeys()).equals(Set.copyOf(after.logKeys()))) {
            rotations.add(new Rotation(index, seq, after.logKeys()));
        }
    }

    List<Rotation> rotations() {
        return List.copyOf(rotations);
    }

    /** What is known of a rotation; refuses one without the old key's consent. Later ones are judged as if it were good. */
    String judge(Rotation rotation, ClonedLog published, LogReader.Verified log) {
        Set<NoteKey> old = trusted;
        trusted = new LinkedHashSet<>(rotation.after());
        List<String> consents = trusted.stream()
                .filter(added -> !old.contains(added))
                .map(added -> consent(rotation, new Handover(old, added), published, log))
                .toList();
        return consents.isEmpty() ? "a key was dropped" : String.join("; ", consents);
    }

    /** Keys of before, and the one that they hand over to. */
    private record Handover(Set<NoteKey> old, NoteKey added) {}

    private static String consent(Rotation rotation, Handover keys, ClonedLog published, LogReader.Verified log) {
        Checkpoint both = published
                .findSignedByBoth(rotation.index(), keys.old, keys.added, log)
                .orElseThrow(() -> new Refusal(
                        "log-key-not-handed-over",
                        "#" + rotation.seq() + " brought in the log key " + keys.added.vkey()
                                + ", but no published checkpoint behind log entry " + rotation.index()
                                + " is signed by it and by a key of before: "
                                + keys.old.stream().map(NoteKey::vkey).toList(),
                        "publish a checkpoint that both sign before the old key goes"));
        return keys.added.vkey() + " signed the checkpoint of " + both.size()
                + " entries together with a key of before";
    }
}
