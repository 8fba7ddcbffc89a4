package countersign.target;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.repository.FileMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one system at one target: {@code releases/<n>-<digest prefix>/} with a record
 * {@code releases/<n>-<digest prefix>.json} beside each, and {@code current}, a link to one of them. A release that takes
 * the system away is an empty folder {@code <n>-removed}.
 */
final class UnitFolder {
    private static final Pattern NAME = Pattern.compile("([0-9]{1,9})-([0-9a-f]{12}|removed)");
    private static final String STAGING = ".staging-";
    private static final int MAX_RECORD_BYTES = 32 << 20;

    private final Path folder;
    private final Path releases;
    private final Path current;

    /**
     * What is remembered of a release.
     *
     * @param state its state when it was written
     * @param previous name of the release that stood before it; null if none
     */
    record Memory(TargetState state, @Nullable String previous) {}

    UnitFolder(Path folder) {
        this.folder = folder;
        this.releases = folder.resolve("releases");
        this.current = folder.resolve("current");
    }

    /** The name of the standing release; a Refusal {@code target-path-escapes} if the link leads anywhere else. */
    Optional<String> findCurrent() throws IOException {
        if (!Files.exists(current, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        String link =
                Files.isSymbolicLink(current) ? Files.readSymbolicLink(current).toString() : "no link";
        String name = link.startsWith("releases/") ? link.substring("releases/".length()) : link;
        if (!NAME.matcher(name).matches() || !link.equals("releases/" + name)) {
            throw new Refusal(
                    "target-path-escapes",
                    "current of " + folder.getFileName() + " leads to no release: "
                            + link.replaceAll("\\p{Cntrl}", "?"),
                    "make current a link to releases/<number>-<digest>");
        }
        return Optional.of(name);
    }

    Path path(String name) {
        return releases.resolve(name);
    }

    /** What stands in the folder of a release now. */
    TargetState observe(String name) throws IOException {
        Path release = path(name);
        if (!Files.isDirectory(release, LinkOption.NOFOLLOW_LINKS)) {
            return TargetState.NOTHING;
        }
        TargetState state = ForcedFiles.observe(release);
        return name.endsWith("-removed") && state.files().isEmpty() ? TargetState.NOTHING : state;
    }

    /** Writes a release under its final name, whole and forced, with its record; returns the name. */
    String write(Release release) throws IOException {
        ForcedFiles.makeFolder(releases);
        Optional<String> standing = findCurrent();
        int number = 1 + numbers().stream().mapToInt(Integer::intValue).max().orElse(0);
        sweep(standing);
        String name = number + "-" + suffix(release.after());
        Path staging = releases.resolve(STAGING + name);
        boolean done = false;
        try {
            Files.createDirectory(staging);
            fill(staging, release);
            ForcedFiles.replace(recordOf(name), encode(new Memory(release.after(), standing.orElse(null))));
            ForcedFiles.move(staging, path(name));
            done = true;
        } finally {
            if (!done) {
                takeAway(staging);
            }
        }
        return name;
    }

    private static void fill(Path staging, Release release) throws IOException {
        for (ReleaseFile file : release.files()) {
            Path path = staging.resolve(file.path()).normalize();
            if (!path.startsWith(staging)) {
                throw new Refusal("target-path-escapes", file.path() + " leads out of its release");
            }
            ForcedFiles.write(path, file.mode(), file.bytes());
        }
        ForcedFiles.forceTree(staging);
    }

    /** What was begun holds no room of a full disk; if even that fails, the next attempt begins with it. */
    private static void takeAway(Path staging) {
        try {
            ForcedFiles.deleteTree(staging);
        } catch (IOException staysUntilThen) {
            return;
        }
    }

    /** The written release of a state that never stood yet, newer than the standing one. */
    Optional<String> findStaged(TargetState state) throws IOException {
        int standing = findCurrent().map(UnitFolder::number).orElse(0);
        return namesByNumber().stream()
                .filter(name -> number(name) > standing && name.endsWith("-" + suffix(state)))
                .reduce((older, newer) -> newer);
    }

    /** Makes {@code current} lead to a release, in one rename. */
    void flip(String name) throws IOException {
        Path next = folder.resolve("current.next");
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, Path.of("releases", name));
        ForcedFiles.move(next, current);
    }

    /** Takes {@code current} away: nothing stands. */
    void unlink() throws IOException {
        Files.deleteIfExists(current);
        ForcedFiles.force(folder);
    }

    Memory remember(String name) throws IOException {
        Path record = recordOf(name);
        if (!Files.isRegularFile(record, LinkOption.NOFOLLOW_LINKS) || Files.size(record) > MAX_RECORD_BYTES) {
            throw new Refusal("no-backup", "release " + name + " of " + folder.getFileName() + " has no record");
        }
        return decode(name, Files.readAllBytes(record));
    }

    /** Deletes what is older than the newest {@code keep} releases before the standing one. */
    void prune(int keep) throws IOException {
        int standing = findCurrent().map(UnitFolder::number).orElse(0);
        List<String> older =
                namesByNumber().stream().filter(name -> number(name) < standing).toList();
        for (String name : older.subList(0, Math.max(0, older.size() - keep))) {
            delete(name);
        }
    }

    private void sweep(Optional<String> standing) throws IOException {
        int limit = standing.map(UnitFolder::number).orElse(0);
        for (String name : ForcedFiles.names(releases)) {
            if (name.startsWith(STAGING) || name.endsWith(".next")) {
                ForcedFiles.deleteTree(releases.resolve(name));
            }
        }
        for (String name : namesByNumber()) {
            if (number(name) > limit) {
                delete(name);
            }
        }
    }

    private void delete(String name) throws IOException {
        Path doomed = releases.resolve(STAGING + name);
        if (Files.isDirectory(path(name), LinkOption.NOFOLLOW_LINKS)) {
            ForcedFiles.move(path(name), doomed);
        }
        ForcedFiles.deleteTree(doomed);
        Files.deleteIfExists(recordOf(name));
    }

    private List<String> namesByNumber() throws IOException {
        return ForcedFiles.names(releases).stream()
                .filter(name -> NAME.matcher(name).matches())
                .sorted(Comparator.comparingInt(UnitFolder::number))
                .toList();
    }

    private List<Integer> numbers() throws IOException {
        return namesByNumber().stream().map(UnitFolder::number).toList();
    }

    private static int number(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static String suffix(TargetState state) {
        return state.digest() == null ? "removed" : state.digest().hex().substring(0, 12);
    }

    private Path recordOf(String name) {
        return releases.resolve(name + ".json");
    }

    private static byte[] encode(Memory memory) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("previous", memory.previous());
        members.put("removed", memory.state().nothing());
        members.put(
                "files",
                memory.state().files().stream().map(TargetState.FileState::row).toList());
        return CanonicalJson.write(members);
    }

    private static Memory decode(String name, byte[] bytes) {
        Fields fields = Fields.of(name, CanonicalJson.readObject("record of " + name, bytes, MAX_RECORD_BYTES));
        String previous = fields.textOrNull("previous");
        boolean removed = fields.flag("removed");
        List<TargetState.FileState> files = new ArrayList<>();
        for (Fields row : fields.objectList("files")) {
            FileMode mode = FileMode.find(row.text("mode")).orElse(FileMode.REGULAR);
            files.add(new TargetState.FileState(row.text("path"), mode, row.digest("sha256")));
        }
        fields.end();
        return new Memory(removed ? TargetState.NOTHING : TargetState.of(files), previous);
    }
}
