package countersign.change.impact;

import countersign.manifest.ChangeId;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Manifest;
import countersign.merge.Preview;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * @param requester who asks for it
 * @param paths paths that both touch
 * @param targets targets that both reach
 * @param times how the windows lie in which they may merge
 * @param window when both may merge; null for any time, or for never
 */
public record Conflict(
        ChangeId other,
        String title,
        String requester,
        List<String> paths,
        List<String> targets,
        Times times,
        ChangeRequest.@Nullable Window window) {
    private static final int SHOWN = 5;

    /** How two windows lie. */
    public enum Times {
        /** Both may merge at the same time. */
        SAME,
        /** One ends before the other begins. */
        APART;

        /** The word in the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
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
        ChangeRequest.Window window =
                both(mine.request().window(), other.request().window());
        boolean apart = window != null && window.notAfter().isBefore(window.notBefore());
        return both.isEmpty() && targets.isEmpty()
                ? Optional.empty()
                : Optional.of(new Conflict(
                        other.request().id(),
                        other.request().title(),
                        other.request().requester(),
                        both,
                        targets,
                        apart ? Times.APART : Times.SAME,
                        apart ? null : window));
    }

    /** What two windows have in common, which ends before it begins if that is nothing; one that is absent has no ends. */
    private static ChangeRequest.@Nullable Window both(
            ChangeRequest.@Nullable Window mine, ChangeRequest.@Nullable Window other) {
        if (mine == null || other == null) {
            return mine == null ? other : mine;
        }
        return new ChangeRequest.Window(
                mine.notBefore().isBefore(other.notBefore()) ? other.notBefore() : mine.notBefore(),
                mine.notAfter().isBefore(other.notAfter()) ? mine.notAfter() : other.notAfter());
    }

    /** One line: the other change, who asks for it, and what it shares. */
    public String line() {
        List<String> shared = new ArrayList<>(cut(paths));
        cut(targets).forEach(target -> shared.add("target " + target));
        return other + " by " + requester + " \"" + title + "\": " + String.join(", ", shared) + ", " + when();
    }

    private String when() {
        if (times == Times.APART) {
            return "at another time";
        }
        return window == null ? "at any time" : "from " + window.notBefore() + " to " + window.notAfter();
    }

    private static List<String> cut(List<String> names) {
        if (names.size() <= SHOWN) {
            return names;
        }
        List<String> some = new ArrayList<>(names.subList(0, SHOWN));
        some.add("and " + (names.size() - SHOWN) + " more");
        return some;
    }
}
