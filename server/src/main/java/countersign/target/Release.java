package countersign.target;

import countersign.codec.Refusal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One step of one system at one target, from the state that must stand now to the one that is to stand.
 *
 * @param location where
 * @param before what must stand for the step to be allowed
 * @param after what is to stand
 * @param files the content of {@code after}; empty if nothing is to stand
 * @param backups how many earlier releases the driver keeps, at least 1
 */
public record Release(Location location, TargetState before, TargetState after, List<ReleaseFile> files, int backups) {
    /** How many earlier releases are kept unless the Target says otherwise. */
    public static final int BACKUPS = 5;

    public Release {
        files = List.copyOf(files);
        backups = Math.max(1, backups);
    }

    /** The step to exactly these files; a Refusal {@code duplicate-path} if two of them cannot stand together. */
    public static Release of(Location location, TargetState before, List<ReleaseFile> files) {
        checkDisjoint(files);
        TargetState after =
                TargetState.of(files.stream().map(ReleaseFile::state).toList());
        return new Release(location, before, after, files, BACKUPS);
    }

    /** The step that takes the system away. */
    public static Release removal(Location location, TargetState before) {
        return new Release(location, before, TargetState.NOTHING, List.of(), BACKUPS);
    }

    public Release withBackups(int number) {
        return new Release(location, before, after, files, number);
    }

    private static void checkDisjoint(List<ReleaseFile> files) {
        Set<String> paths = new HashSet<>();
        for (ReleaseFile file : files) {
            if (!paths.add(file.path())) {
                throw new Refusal("duplicate-path", "a release has the file " + file.path() + " twice");
            }
        }
        for (String path : paths) {
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                if (paths.contains(path.substring(0, slash))) {
                    throw new Refusal(
                            "duplicate-path", path.substring(0, slash) + " is both a file and the folder of " + path);
                }
            }
        }
    }
}
