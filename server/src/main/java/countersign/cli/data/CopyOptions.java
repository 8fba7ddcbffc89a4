package countersign.cli.data;

import countersign.cli.console.NamedFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What a copy is to be; like the words of {@code init}. */
final class CopyOptions {
    @Option(
            names = "--as-copy",
            required = true,
            description = "Found another repository with the same documents and a new id, origin and keys.")
    private boolean asCopy;

    @Option(names = "--commit", description = "Genesis or merge of the original to begin with. Default: the last merge")
    private @Nullable String commit;

    @Option(names = "--name", description = "Name of the copy; a DNS label. Default: that of the original")
    private @Nullable String name;

    @Option(names = "--origin", description = "Origin of its record log, for ever. Default: <name>.invalid/log")
    private @Nullable String origin;

    @Option(names = "--keep-people", description = "People keep the keys that they have, but for revoked ones.")
    private boolean keepPeople;

    @Option(
            names = "--key",
            description = "Key of a person in place of those before: <person>=<file of an SSH public key>. Repeatable.")
    private List<String> keys = new ArrayList<>();

    @ArgGroup(multiplicity = "1")
    private RecoveryKeys recovery = new RecoveryKeys();

    @Option(names = "--recovery-threshold", defaultValue = "1", description = "Recovery keys that a recovery needs.")
    private int recoveryThreshold;

    @Option(
            names = "--release-target",
            paramLabel = "TARGET",
            description = "Target that the copy applies to from the start; all others are held. Repeatable.")
    private List<String> released = new ArrayList<>();

    /** One of the two. */
    private static final class RecoveryKeys {
        @Option(names = "--recovery-key", required = true, description = "File of an offline recovery key. Repeatable.")
        private List<Path> files = new ArrayList<>();

        @Option(
                names = "--keep-recovery-keys",
                required = true,
                description = "Recovery keys and their threshold are those of the original.")
        private boolean keep;
    }

    boolean isWanted() {
        return asCopy;
    }

    Program.Copy copy(Path from, Path data) {
        return new Program.Copy(
                from,
                commit,
                data,
                name,
                origin,
                new Program.CopiedPeople(keepPeople, PersonKeys.parse(keys)),
                new Program.Recovery(
                        recovery.keep
                                ? List.of()
                                : recovery.files.stream()
                                        .map(NamedFile::publicKey)
                                        .toList(),
                        recoveryThreshold),
                List.copyOf(released));
    }
}
