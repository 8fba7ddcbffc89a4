package countersign.manifest;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The exact effect of a change (PROTOCOL §2): its canonical bytes are what approvers sign. The same effect gives the same
 * bytes, whatever else was merged meanwhile. Lists are sorted by UTF-8 bytes.
 *
 * <p>Immutable and thread-safe. Its digest is computed when it is first asked for, and kept: it is compared in nearly
 * every step of a change.
 */
public final class Manifest {
    public static final int VERSION = 1;
    public static final int MAX_BYTES = 8 << 20;
    public static final int MAX_FILES = 20_000;

    private static final int FEW_BYTES = 16 << 10;

    private final int engine;
    private final String repository;
    private final String log;
    private final ChangeId change;
    private final Operation operation;
    private final @Nullable ChangeId of;
    private final List<String> contributors;
    private final List<FileChange> files;
    private final List<UnitChange> units;
    private final @Nullable RollbackGrant rollback;
    private final @Nullable Instant applyBy;
    private final @Nullable BadRange recovery;
    private volatile @Nullable Sha256 digest;

    /** Only if they are few: manifests are kept by the hundred. */
    private volatile byte @Nullable [] bytes;

    /**
     * One path that differs.
     *
     * @param path path in the repository
     * @param before null if the change adds it
     * @param after null if the change deletes it
     */
    public record FileChange(
            String path,
            @Nullable FileState before,
            @Nullable FileState after) {}

    /**
     * One unit that is affected.
     *
     * @param unit target and system
     * @param state digest of the files that stand there, before and after
     * @param plan digest of everything that executes or routes, before and after
     */
    public record UnitChange(Unit unit, DigestPair state, DigestPair plan) {}

    /**
     * A digest on both sides; null where the unit does not exist.
     *
     * @param before digest before the change
     * @param after digest after the change
     */
    public record DigestPair(
            @Nullable Sha256 before, @Nullable Sha256 after) {}

    /**
     * Who may roll the change back with one signature, and how long.
     *
     * @param roles any of these roles suffices
     * @param period counted from the change's merge
     */
    public record RollbackGrant(List<String> roles, Duration period) {
        public RollbackGrant {
            roles = sorted(roles);
        }
    }

    /** The same parts give the same manifest, in whatever order the lists are. */
    public Manifest(
            int engine,
            String repository,
            String log,
            ChangeId change,
            Operation operation,
            @Nullable ChangeId of,
            List<String> contributors,
            List<FileChange> files,
            List<UnitChange> units,
            @Nullable RollbackGrant rollback,
            @Nullable Instant applyBy,
            @Nullable BadRange recovery) {
        if (files.size() > MAX_FILES) {
            throw new Refusal(
                    "too-many-paths",
                    "a change touches at most " + MAX_FILES + " paths, this one " + files.size(),
                    "split it into several changes");
        }
        this.engine = engine;
        this.repository = repository;
        this.log = log;
        this.change = change;
        this.operation = operation;
        this.of = of;
        this.contributors = sorted(contributors);
        this.files = files.stream()
                .sorted(Comparator.comparing(FileChange::path, CanonicalJson.UTF8_ORDER))
                .toList();
        this.units =
                units.stream().sorted(Comparator.comparing(UnitChange::unit)).toList();
        this.rollback = rollback;
        this.applyBy = applyBy;
        this.recovery = recovery;
    }

    /** Version of the rules that computed it. */
    public int engine() {
        return engine;
    }

    /** Id of the repository. */
    public String repository() {
        return repository;
    }

    /** Origin of the record log. */
    public String log() {
        return log;
    }

    /** The change. */
    public ChangeId change() {
        return change;
    }

    /** What the merge does. */
    public Operation operation() {
        return operation;
    }

    /** The change that a rollback takes back; null otherwise. */
    public @Nullable ChangeId of() {
        return of;
    }

    /** Names of people who can't approve it, sorted. */
    public List<String> contributors() {
        return contributors;
    }

    /** Every path that differs, the ChangeRequest included. */
    public List<FileChange> files() {
        return files;
    }

    /** Every (target, system) whose state or plan differs. */
    public List<UnitChange> units() {
        return units;
    }

    /** The rollback that the approvers grant in advance; null if none. */
    public @Nullable RollbackGrant rollback() {
        return rollback;
    }

    /** Agents refuse to apply later than this; null for no limit. */
    public @Nullable Instant applyBy() {
        return applyBy;
    }

    /** The merges that a recovery names bad, and the head to go on from; null if it names none. */
    public @Nullable BadRange recovery() {
        return recovery;
    }

    /** The canonical bytes; a Refusal {@code manifest-too-large} above 8 MiB. */
    public byte[] bytes() {
        byte[] known = bytes;
        return known == null ? write() : known.clone();
    }

    private byte[] write() {
        byte[] written = CanonicalJson.write(members());
        if (written.length > MAX_BYTES) {
            throw new Refusal(
                    "manifest-too-large", "a manifest has at most " + MAX_BYTES + " bytes, this has " + written.length);
        }
        if (written.length <= FEW_BYTES) {
            bytes = written.clone();
        }
        return written;
    }

    /** Digest of the canonical bytes: what people sign. */
    public Sha256 digest() {
        Sha256 known = digest;
        if (known == null) {
            known = Sha256.of(bytes());
            digest = known;
        }
        return known;
    }

    /** Names of the targets that the change touches, each once, sorted. */
    public List<String> targets() {
        return units.stream().map(change -> change.unit().target()).distinct().toList();
    }

    /** Reads bytes that {@link #bytes} wrote; refuses all others. */
    public static Manifest parse(byte[] bytes) {
        Fields fields = Fields.of("manifest", CanonicalJson.readObject("manifest", bytes, MAX_BYTES));
        if (fields.integer("version") != VERSION) {
            throw new Refusal(
                    "unknown-manifest-version",
                    "manifest version " + fields.integer("version") + ", this program knows " + VERSION);
        }
        Manifest manifest = read(fields);
        fields.end();
        CanonicalJson.requireSame("manifest", manifest.bytes(), bytes);
        return manifest;
    }

    private static Manifest read(Fields fields) {
        String of = fields.textOrNull("of");
        return new Manifest(
                fields.smallInteger("engine"),
                fields.text("repository"),
                fields.text("log"),
                ChangeId.parse(fields.text("change")),
                fields.constant("operation", Operation.class),
                of == null ? null : ChangeId.parse(of),
                fields.textList("contributors"),
                fields.objectList("files").stream().map(Manifest::readFile).toList(),
                fields.objectList("units").stream().map(Manifest::readUnit).toList(),
                readRollback(fields.objectOrNull("rollback")),
                fields.instantOrNull("applyBy"),
                BadRange.readOrNull(fields.objectOrNull("recovery")));
    }

    private static FileChange readFile(Fields fields) {
        FileChange change = new FileChange(
                fields.text("path"),
                FileState.parse(fields.objectOrNull("before")),
                FileState.parse(fields.objectOrNull("after")));
        fields.end();
        return change;
    }

    private static UnitChange readUnit(Fields fields) {
        UnitChange change = new UnitChange(
                new Unit(fields.text("target"), fields.text("system")),
                readPair(fields.object("state")),
                readPair(fields.object("plan")));
        fields.end();
        return change;
    }

    private static DigestPair readPair(Fields fields) {
        DigestPair pair = new DigestPair(fields.digestOrNull("before"), fields.digestOrNull("after"));
        fields.end();
        return pair;
    }

    private static @Nullable RollbackGrant readRollback(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        RollbackGrant grant = new RollbackGrant(fields.textList("roles"), fields.duration("for"));
        fields.end();
        return grant;
    }

    /** Manifests of the same canonical bytes are equal. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Manifest manifest && digest().equals(manifest.digest());
    }

    @Override
    public int hashCode() {
        return digest().hashCode();
    }

    @Override
    public String toString() {
        return "manifest " + digest() + " of " + change;
    }

    private Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("version", VERSION);
        members.put("engine", engine);
        members.put("repository", repository);
        members.put("log", log);
        members.put("change", change.toString());
        members.put("operation", operation.label());
        members.put("of", of == null ? null : of.toString());
        members.put("contributors", contributors);
        members.put("files", files.stream().map(Manifest::fileMembers).toList());
        members.put("units", units.stream().map(Manifest::unitMembers).toList());
        members.put("rollback", rollback == null ? null : rollbackMembers(rollback));
        members.put("applyBy", applyBy == null ? null : applyBy.toString());
        if (recovery != null) {
            members.put("recovery", recovery.members());
        }
        return members;
    }

    private static Map<String, @Nullable Object> fileMembers(FileChange file) {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("path", file.path());
        members.put("before", file.before() == null ? null : file.before().members());
        members.put("after", file.after() == null ? null : file.after().members());
        return members;
    }

    private static Map<String, @Nullable Object> unitMembers(UnitChange change) {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("target", change.unit().target());
        members.put("system", change.unit().system());
        members.put("state", pairMembers(change.state()));
        members.put("plan", pairMembers(change.plan()));
        return members;
    }

    private static Map<String, @Nullable Object> pairMembers(DigestPair pair) {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("before", pair.before() == null ? null : pair.before().hex());
        members.put("after", pair.after() == null ? null : pair.after().hex());
        return members;
    }

    private static Map<String, @Nullable Object> rollbackMembers(RollbackGrant grant) {
        return Map.of("roles", grant.roles(), "for", grant.period().toString());
    }

    private static List<String> sorted(List<String> texts) {
        TreeSet<String> set = new TreeSet<>(CanonicalJson.UTF8_ORDER);
        set.addAll(texts);
        return List.copyOf(new ArrayList<>(set));
    }
}
