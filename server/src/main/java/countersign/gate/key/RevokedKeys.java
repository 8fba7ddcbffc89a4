package countersign.gate.key;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All keys that were revoked up to a point of the log, by fingerprint. A key that was revoked once is so for ever. Immutable. */
public final class RevokedKeys {
    private static final RevokedKeys NONE = new RevokedKeys(Map.of());

    private final Map<String, Entry> byFingerprint;

    /**
     * A revoked key.
     *
     * @param key its fingerprint
     * @param person whose key it was
     * @param index index of the log entry that revoked it first
     * @param since log index from which it is compromised; null if it is only retired
     */
    public record Entry(
            String key, String person, long index, @Nullable Long since) {
        boolean compromisedAt(long vote) {
            return since != null && vote >= since;
        }

        private Entry widened(@Nullable Long further) {
            Long lower = further == null || (since != null && since <= further) ? since : further;
            return new Entry(key, person, index, lower);
        }
    }

    private RevokedKeys(Map<String, Entry> byFingerprint) {
        this.byFingerprint = byFingerprint;
    }

    public static RevokedKeys none() {
        return NONE;
    }

    /** The same and one revocation more, whose right to be is not judged here. */
    public RevokedKeys with(LoggedRevocation logged) {
        Revocation said = logged.revocation();
        Map<String, Entry> more = new LinkedHashMap<>(byFingerprint);
        Entry known = more.get(said.key());
        more.put(
                said.key(),
                known == null
                        ? new Entry(said.key(), said.person(), logged.index(), said.since())
                        : known.widened(said.since()));
        return new RevokedKeys(more);
    }

    public Set<String> fingerprints() {
        return Set.copyOf(byFingerprint.keySet());
    }

    public Optional<Entry> find(String fingerprint) {
        return Optional.ofNullable(byFingerprint.get(fingerprint));
    }

    /** Every revoked key, in the order of the log. */
    public Collection<Entry> all() {
        return List.copyOf(byFingerprint.values());
    }

    /** Whether what a key signed at a log index was signed by a thief, for all that is known. */
    public boolean compromised(String fingerprint, long index) {
        return find(fingerprint).map(entry -> entry.compromisedAt(index)).orElse(false);
    }

    /** The first log index from which any key is compromised; empty if none is. */
    public OptionalLong compromisedFrom() {
        return byFingerprint.values().stream()
                .flatMap(entry -> Stream.ofNullable(entry.since()))
                .mapToLong(Long::longValue)
                .min();
    }

    /** Whether any key is compromised rather than retired. */
    public boolean anyCompromised() {
        return byFingerprint.values().stream().anyMatch(entry -> entry.since() != null);
    }
}
