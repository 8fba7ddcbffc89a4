package countersign.document.rule;

import countersign.codec.Finding;
import countersign.document.VersionNumber;
import countersign.document.VersionRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A package whose steps run what it holds, for versions that can be compared. */
final class PackageRules {
    private PackageRules() {}

    static List<Finding> check(Part spec) {
        List<Finding> findings = new ArrayList<>(Moments.inOrder(spec, "releaseDate", "expires"));
        findings.addAll(Moments.inOrder(spec, "releaseDate", "withdrawn/at"));
        findings.addAll(Part.twins(spec.child("contents").elements(), "path"));
        findings.addAll(Part.twins(spec.child("steps").elements(), "name"));
        for (Part range : spec.below("applicableTo/versions").elements()) {
            findings.addAll(range.parsed(() -> VersionRange.parse(range.text().orElseThrow())));
        }
        checkStones(spec, findings);
        checkFiles(spec, findings);
        checkThreshold(spec, findings);
        checkRelations(spec, findings);
        return findings;
    }

    /** Stepping stones are passed upwards, and lie below the package itself. */
    private static void checkStones(Part spec, List<Finding> findings) {
        List<Part> stones = spec.child("steppingStones").elements();
        if (stones.isEmpty()) {
            return;
        }
        Optional<VersionNumber> last = Optional.empty();
        for (Part stone :
                Stream.concat(stones.stream(), Stream.of(spec.child("version"))).toList()) {
            List<Finding> unread =
                    stone.parsed(() -> VersionNumber.parse(stone.text().orElseThrow()));
            findings.addAll(unread);
            if (unread.isEmpty()) {
                VersionNumber version = VersionNumber.parse(stone.text().orElseThrow());
                if (last.isPresent() && version.compareTo(last.get()) <= 0) {
                    findings.add(stone.finding(
                            "versions-out-of-order", "is not above the stepping stone that stands before it"));
                }
                last = Optional.of(version);
            }
        }
    }

    private static void checkFiles(Part spec, List<Finding> findings) {
        Set<String> held = new HashSet<>();
        Stream.of("contents", "rollback/contents")
                .flatMap(list -> spec.below(list).elements().stream())
                .forEach(file -> held.add(file.child("path").text().orElseThrow()));
        Stream<Part> named = Stream.concat(
                Stream.of("steps", "rollback/steps")
                        .flatMap(list -> spec.below(list).elements().stream())
                        .filter(step -> !step.child("sha256").exists())
                        .map(step -> step.child("file")),
                spec.below("signatures/keys").elements().stream().map(key -> key.child("signature")));
        named.filter(file -> file.text().filter(path -> !held.contains(path)).isPresent())
                .forEach(file -> findings.add(file.finding(
                        "file-not-in-package",
                        "is " + file.text().orElseThrow() + ", which contents does not list with a digest")));
    }

    private static void checkThreshold(Part spec, List<Finding> findings) {
        Part threshold = spec.below("signatures/threshold");
        List<Part> keys = spec.below("signatures/keys").elements();
        findings.addAll(Part.twins(keys, "key"));
        threshold
                .number()
                .filter(needed -> needed > keys.size())
                .ifPresent(needed -> findings.add(threshold.finding(
                        "threshold-too-high", "is " + needed + ", but there are only " + keys.size() + " keys")));
    }

    private static void checkRelations(Part spec, List<Finding> findings) {
        Set<String> needed = new HashSet<>();
        spec.child("requires").elements().forEach(name -> needed.add(name.text().orElseThrow()));
        for (Part name : spec.child("conflicts").elements()) {
            if (needed.contains(name.text().orElseThrow())) {
                findings.add(name.finding(
                        "contradicting-packages",
                        "is " + name.text().orElseThrow() + ", which the package also requires"));
            }
        }
    }
}
