package countersign.gate;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.manifest.ChangeId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the gate decided, frozen into the merge as {@code gate.json} (PROTOCOL §6): canonical JSON.
 *
 * @param engine version of the rules
 * @param manifest digest of the manifest
 * @param change the change
 * @param time T
 * @param requirements every requirement and its evidence
 * @param contributors how the part of each contributor is known
 * @param policies what each policy found, as plain values
 */
public record GateRecord(
        int engine,
        Sha256 manifest,
        ChangeId change,
        Instant time,
        List<Requirement> requirements,
        List<Contributor> contributors,
        List<Map<String, @Nullable Object>> policies) {
    public static final int VERSION = 1;
    public static final int MAX_BYTES = 8 << 20;

    /**
     * A person who can't approve.
     *
     * @param person name
     * @param known {@code signed} by the person's own submit statement; {@code attested} by the server only, which is
     *     weaker
     */
    public record Contributor(String person, String known) {
        Map<String, @Nullable Object> members() {
            return Map.of("person", person, "known", known);
        }

        static Contributor read(Fields fields) {
            Contributor contributor = new Contributor(fields.text("person"), fields.text("known"));
            fields.end();
            return contributor;
        }
    }

    public GateRecord {
        requirements = List.copyOf(requirements);
        contributors = List.copyOf(contributors);
        policies = List.copyOf(policies);
    }

    /** True if nothing keeps the change from merging. */
    public boolean open() {
        return requirements.stream().allMatch(Requirement::met);
    }

    public byte[] bytes() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("version", VERSION);
        members.put("engine", engine);
        members.put("manifest", manifest.hex());
        members.put("change", change.toString());
        members.put("time", time.toString());
        members.put(
                "requirements", requirements.stream().map(Requirement::members).toList());
        members.put(
                "contributors", contributors.stream().map(Contributor::members).toList());
        members.put("policies", policies);
        return CanonicalJson.write(members);
    }

    /** Reads bytes that {@link #bytes} could have written; refuses all others. */
    public static GateRecord parse(byte[] bytes) {
        Fields fields = Fields.of("gate", CanonicalJson.readObject("gate", bytes, MAX_BYTES));
        if (fields.integer("version") != VERSION) {
            throw new Refusal("unknown-gate-version", "gate version " + fields.integer("version"));
        }
        GateRecord gate = new GateRecord(
                fields.smallInteger("engine"),
                fields.digest("manifest"),
                ChangeId.parse(fields.text("change")),
                fields.instant("time"),
                fields.objectList("requirements").stream()
                        .map(Requirement::read)
                        .toList(),
                fields.objectList("contributors").stream()
                        .map(Contributor::read)
                        .toList(),
                fields.mapList("policies"));
        fields.end();
        CanonicalJson.requireSame("gate", gate.bytes(), bytes);
        return gate;
    }
}
