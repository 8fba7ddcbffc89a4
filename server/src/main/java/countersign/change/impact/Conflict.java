package countersign.change.impact;

import countersign.manifest.ChangeId;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Manifest;
import countersign.merge.Preview;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * That two open changes are in each other's way: whichever merges second may need a new revision, new signatures, or another
 * time.
 *
 * @param other the other change
 * @param title its title
 * @param paths paths that both touch
 * @param targets targets that both reach
 * @param times how the windows lie in which they may merge
 */
public record Conflict(ChangeId other, String title, List<String> paths, List<String> targets, Times times) {
    /** How two windows lie. */
    public enum Times {
        /** Both may merge at the same time. */
        SAME,
        /** One ends before the other begins. */
        APART
    }

    public Conflict {
        paths = List.copyOf(paths);
        targets = List.copyOf(targets);
    }

    /** What is between two changes that have effects; empty if they touch no path and reach no target together. */
    public static Optional<Conflict> between(Preview mine, Preview other) {
        Manifest manifest = mine.requireManifest();
        Manifest theirs = other.requireManifest();
        Set<String> paths =
                theirs.files().stream().map(Manifest.FileChange::path).collect(Collectors.toSet());
        List<String> both = manifest.files().stream()
                .map(Manifest.FileChange::path)
                .filter(paths::contains)
                .toList();
        List<String> targets =
                manifest.targets().stream().filter(theirs.targets()::contains).toList();
        return both.isEmpty() && targets.isEmpty()
                ? Optional.empty()
                : Optional.of(new Conflict(
                        other.request().id(),
                        other.request().title(),
                        both,
                        targets,
                        times(mine.request().window(), other.request().window())));
    }

    /** Without a window a change may merge at any time. */
    private static Times times(ChangeRequest.@Nullable Window mine, ChangeRequest.@Nullable Window other) {
        boolean apart = mine != null
                && other != null
                && (mine.notAfter().isBefore(other.notBefore())
                        || other.notAfter().isBefore(mine.notBefore()));
        return apart ? Times.APART : Times.SAME;
    }
}
