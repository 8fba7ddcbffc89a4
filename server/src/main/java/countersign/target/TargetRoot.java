package countersign.target;

import countersign.codec.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that holds all targets of one machine. Each target claims its folder with a file of its name, so two
 * targets never share a folder and none stands within another.
 */
final class TargetRoot {
    private static final String CLAIM = ".countersign-target";
    private static final int MAX_DEPTH = 12;

    private final Path root;

    TargetRoot(Path root) {
        this.root = root;
    }

    /** The folder of a location, which may not exist yet; never reached through a link below the root. */
    Path folderOf(Location location) {
        Path folder = root;
        for (String part : Location.partsOf(location.address() + "/" + location.system())) {
            folder = folder.resolve(part);
            requireNoLink(folder);
        }
        return folder;
    }

    /** Makes the folder of a location and claims the target's. */
    Path claim(Location location) throws IOException {
        List<String> parts = Location.partsOf(location.address());
        if (parts.size() > MAX_DEPTH) {
            throw new Refusal("target-path-escapes", "a target's path has at most " + MAX_DEPTH + " parts");
        }
        Path folder = folderOf(location);
        Path folderOfTarget = ForcedFiles.parentOf(folder);
        refuseForeignClaims(location, parts);
        Files.createDirectories(root);
        Path made = root;
        for (String part : parts) {
            made = made.resolve(part);
            ForcedFiles.makeFolder(made);
        }
        if (!Files.exists(folderOfTarget.resolve(CLAIM))) {
            refuseClaimsBelow(location, folderOfTarget);
            ForcedFiles.replace(
                    folderOfTarget.resolve(CLAIM), (location.target() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        ForcedFiles.makeFolder(folder);
        return folder;
    }

    private void refuseForeignClaims(Location location, List<String> parts) throws IOException {
        Path folder = root;
        for (int i = 0; i < parts.size(); i++) {
            folder = folder.resolve(parts.get(i));
            Optional<String> owner = claimOf(folder);
            boolean own = i == parts.size() - 1;
            if (owner.isPresent() && !own) {
                throw nested(location, owner.get(), folder);
            }
            if (owner.isPresent() && !owner.get().equals(location.target())) {
                throw new Refusal(
                        "target-path-taken",
                        "target " + location.target() + " has the path " + location.address() + ", which target "
                                + owner.get() + " holds",
                        "give each target its own path; remove the folder if target " + owner.get() + " is gone");
            }
        }
    }

    private void refuseClaimsBelow(Location location, Path folder) throws IOException {
        try (Stream<Path> below = Files.find(
                folder, MAX_DEPTH + 1, (path, attributes) -> path.endsWith(CLAIM) && attributes.isRegularFile())) {
            Optional<Path> claim = below.findFirst();
            if (claim.isPresent()) {
                Path taken = ForcedFiles.parentOf(claim.get());
                throw nested(location, claimOf(taken).orElse("unknown"), taken);
            }
        }
    }

    private Refusal nested(Location location, String owner, Path taken) {
        return new Refusal(
                "target-path-nested",
                "target " + location.target() + " has the path " + location.address() + ", and target " + owner
                        + " has " + root.relativize(taken) + ": one within the other",
                "give the targets paths side by side");
    }

    private static Optional<String> claimOf(Path folder) throws IOException {
        Path claim = folder.resolve(CLAIM);
        if (!Files.isRegularFile(claim, LinkOption.NOFOLLOW_LINKS) || Files.size(claim) > 100) {
            return Optional.empty();
        }
        return Optional.of(Files.readString(claim).strip());
    }

    private static void requireNoLink(Path folder) {
        boolean exists = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
        if (exists && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new Refusal(
                    "target-path-escapes",
                    folder.getFileName() + " on the way to a target is a link or a file, not a folder",
                    "replace it by a folder");
        }
    }
}
