package countersign.access;

import countersign.codec.Fields;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the targets of a tree are.
 *
 * @param byName the folder of each, by the target's name
 */
public record TargetFolders(Map<String, String> byName) {
    public TargetFolders {
        byName = Map.copyOf(byName);
    }

    /** Those of a snapshot. */
    public static TargetFolders of(Snapshot snapshot, DocumentReader documents) {
        Map<String, String> byName = new HashMap<>();
        for (Document target : documents.list(snapshot, Kind.TARGET.folder())) {
            @Nullable Fields directory = target.spec().objectOrNull("directory");
            if (directory != null) {
                byName.put(target.name(), directory.text("path"));
            }
        }
        return new TargetFolders(byName);
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Whether the folder of a target is another folder, or one is in the other; on some disks case does not count. */
    boolean overlaps(String name, String folder) {
        return find(name)
                .filter(own -> within(own, folder) || within(folder, own))
                .isPresent();
    }

    private static boolean within(String inner, String outer) {
        return (inner + "/").toLowerCase(Locale.ROOT).startsWith((outer + "/").toLowerCase(Locale.ROOT));
    }
}
