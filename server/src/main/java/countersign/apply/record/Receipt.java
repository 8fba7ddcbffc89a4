package countersign.apply.record;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.manifest.ChangeId;
import countersign.manifest.Unit;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did to one unit because of one merge, step by step. Times have milliseconds.
 *
 * @param about which merge and unit
 * @param operation whether it was brought forward or back
 * @param before digest of what stood before; null if nothing did, or if it is not known
 * @param after digest of what stands now; null if nothing does, or if it is not known
 * @param outcome what came of it
 * @param reason the rule that was broken and the sides of it; null if all went well
 * @param steps in the order they were taken
 * @param backup where the driver keeps what stood before; null if it keeps nothing
 * @param startedAt when the first step began
 * @param finishedAt when the last step ended
 */
public record Receipt(
        About about,
        Operation operation,
        @Nullable Sha256 before,
        @Nullable Sha256 after,
        Outcome outcome,
        @Nullable String reason,
        List<Step> steps,
        @Nullable String backup,
        Instant startedAt,
        Instant finishedAt) {
    /** The namespace of a receipt's signature. */
    public static final String NAMESPACE = "receipt@countersign.dev";

    public static final int MAX_BYTES = 32 << 10;

    private static final int VERSION = 1;

    /** Whether a unit is brought to the state after the merge, or back to what stood before. */
    public enum Operation {
        APPLY,
        RESTORE
    }

    /** What came of it. All are final but a failed apply whose release still stands. */
    public enum Outcome {
        /** The state after the merge stands and is healthy. */
        APPLIED,
        /** The state after the merge stood already and is healthy. */
        UNCHANGED,
        /** What stood before stands again. */
        ROLLED_BACK,
        /** It did not work; {@code reason} says why. */
        FAILED,
        /** It was not tried, and never will be for this manifest. */
        HELD,
        /** It was not tried, because a later merge of the same unit is due. */
        SUPERSEDED;

        /** The word in receipts, for example {@code rolled-back}. */
        public String label() {
            return word(this);
        }
    }

    /**
     * Which merge and which unit a receipt is about, and who wrote it.
     *
     * @param repository id of the repository
     * @param log origin of the record log
     * @param change the change
     * @param manifest digest of its manifest
     * @param merge id of the merge commit
     * @param unit target and system
     * @param driver name of the driver
     * @param agent who did it
     */
    public record About(
            String repository,
            String log,
            ChangeId change,
            Sha256 manifest,
            String merge,
            Unit unit,
            String driver,
            String agent) {}

    /**
     * One step.
     *
     * @param name for example {@code backup}
     * @param passed whether it did what it should
     * @param detail what was seen, cut to a few hundred characters; never a secret
     * @param detailSha256 digest of the whole detail
     * @param startedAt when it began
     * @param finishedAt when it ended
     */
    public record Step(
            String name, boolean passed, String detail, Sha256 detailSha256, Instant startedAt, Instant finishedAt) {
        private Map<String, @Nullable Object> members() {
            return Map.of(
                    "name",
                    name,
                    "outcome",
                    passed ? "passed" : "failed",
                    "detail",
                    detail,
                    "detailSha256",
                    detailSha256.hex(),
                    "startedAt",
                    startedAt.toString(),
                    "finishedAt",
                    finishedAt.toString());
        }

        private static Step read(Fields fields) {
            Step step = new Step(
                    fields.text("name"),
                    fields.text("outcome").equals("passed"),
                    fields.text("detail"),
                    fields.digest("detailSha256"),
                    fields.instant("startedAt"),
                    fields.instant("finishedAt"));
            fields.end();
            return step;
        }
    }

    public Receipt {
        steps = List.copyOf(steps);
    }

    /** The canonical bytes, which are signed; a Refusal {@code receipt-too-large} above {@value #MAX_BYTES}. */
    public byte[] bytes() {
        byte[] bytes = CanonicalJson.write(members());
        if (bytes.length > MAX_BYTES) {
            throw new Refusal(
                    "receipt-too-large", "a receipt has at most " + MAX_BYTES + " bytes, this has " + bytes.length);
        }
        return bytes;
    }

    /** Reads bytes that {@link #bytes} wrote; refuses all others. */
    public static Receipt parse(byte[] bytes) {
        Fields fields = Fields.of("receipt", CanonicalJson.readObject("receipt", bytes, MAX_BYTES));
        if (fields.integer("version") != VERSION) {
            throw new Refusal(
                    "unknown-receipt-version",
                    "receipt version " + fields.integer("version") + ", this program knows " + VERSION);
        }
        Receipt receipt = read(fields);
        fields.end();
        if (!Arrays.equals(receipt.bytes(), bytes)) {
            throw new Refusal("not-canonical", "the receipt's values are not as this program writes them");
        }
        return receipt;
    }

    /** Whether what the merge wants stands although it is not healthy, so that it has to be taken back. */
    public boolean leavesUnhealthyRelease(@Nullable Sha256 wanted) {
        return operation == Operation.APPLY
                && outcome == Outcome.FAILED
                && Objects.equals(after, wanted)
                && !Objects.equals(before, after);
    }

    private static Receipt read(Fields fields) {
        return new Receipt(
                readAbout(fields),
                fields.constant("operation", Operation.class),
                fields.digestOrNull("before"),
                fields.digestOrNull("after"),
                fields.constant("outcome", Outcome.class),
                fields.textOrNull("reason"),
                fields.objectList("steps").stream().map(Step::read).toList(),
                fields.textOrNull("backup"),
                fields.instant("startedAt"),
                fields.instant("finishedAt"));
    }

    private static About readAbout(Fields fields) {
        Fields unit = fields.object("unit");
        About about = new About(
                fields.text("repository"),
                fields.text("log"),
                ChangeId.parse(fields.text("change")),
                fields.digest("manifest"),
                fields.text("merge"),
                new Unit(unit.text("target"), unit.text("system")),
                fields.text("driver"),
                fields.text("agent"));
        unit.end();
        return about;
    }

    private Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("version", VERSION);
        members.put("repository", about.repository());
        members.put("log", about.log());
        members.put("change", about.change().toString());
        members.put("manifest", about.manifest().hex());
        members.put("merge", about.merge());
        members.put(
                "unit",
                Map.of("target", about.unit().target(), "system", about.unit().system()));
        members.put("driver", about.driver());
        members.put("agent", about.agent());
        members.put("operation", word(operation));
        members.put("before", before == null ? null : before.hex());
        members.put("after", after == null ? null : after.hex());
        members.put("outcome", outcome.label());
        members.put("reason", reason);
        members.put("steps", steps.stream().map(Step::members).toList());
        members.put("backup", backup);
        members.put("startedAt", startedAt.toString());
        members.put("finishedAt", finishedAt.toString());
        return members;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
