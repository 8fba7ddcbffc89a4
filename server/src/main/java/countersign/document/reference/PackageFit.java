package countersign.document.reference;

import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.VersionNumber;
import countersign.document.VersionRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the packages of a system fit the version that it says is installed, and each other. */
public final class PackageFit {
    private final Document system;
    private final @Nullable String installed;
    private final Set<String> beside;
    private final List<Finding> findings = new ArrayList<>();

    private PackageFit(Document system, @Nullable String installed) {
        this.system = system;
        this.installed = installed;
        this.beside = new HashSet<>(system.spec().textList("packages"));
    }

    /**
     * Findings {@code package-not-applicable}, {@code stepping-stone-missed}, {@code package-downgrade},
     * {@code conflicting-packages}, {@code required-package-missing} and {@code superseded-package}, each at the package's
     * name in the system.
     */
    public static List<Finding> check(Document system, NamedDocuments documents) {
        return system.kind() == Kind.SYSTEM_CONFIG
                ? check(system, documents, system.spec().textOrNull("version"))
                : List.of();
    }

    /** The same with another version in the place of the one that the document says; null for one that nobody knows. */
    public static List<Finding> check(Document system, NamedDocuments documents, @Nullable String installed) {
        PackageFit fit = new PackageFit(system, installed);
        List<String> names = system.spec().textList("packages");
        for (int i = 0; i < names.size(); i++) {
            String pointer = "/spec/packages/" + i;
            documents
                    .find(new DocumentName(Kind.UPGRADE_PACKAGE, names.get(i)))
                    .ifPresent(found -> fit.check(pointer, found));
        }
        return List.copyOf(fit.findings);
    }

    private void check(String pointer, Document found) {
        Fields spec = found.spec();
        for (String enemy : spec.textList("conflicts")) {
            if (beside.contains(enemy)) {
                add(
                        "conflicting-packages",
                        pointer,
                        "names " + found.name() + ", which can't stand beside " + enemy,
                        found);
            }
        }
        for (String needed : spec.textList("requires")) {
            if (!beside.contains(needed)) {
                add("required-package-missing", pointer, "names " + found.name() + ", which needs " + needed, found);
            }
        }
        for (String replaced : spec.textList("supersedes")) {
            if (beside.contains(replaced)) {
                add(
                        "superseded-package",
                        pointer,
                        "names " + found.name() + " beside " + replaced + ", which it replaces",
                        found);
            }
        }
        Fields applicable = spec.object("applicableTo");
        String product = applicable.textOr("product", spec.text("product"));
        if (installed != null && product.equals(system.spec().textOr("product", ""))) {
            checkVersion(pointer, found, applicable.textList("versions"));
        }
    }

    private void checkVersion(String pointer, Document found, List<String> ranges) {
        Optional<VersionNumber> now = Optional.ofNullable(installed).flatMap(PackageFit::version);
        if (now.isEmpty()) {
            return;
        }
        boolean there =
                version(found.spec().text("version")).filter(now.get()::sameAs).isPresent();
        boolean fits =
                ranges.stream().anyMatch(range -> VersionRange.parse(range).contains(now.get()));
        if (!there && !fits) {
            String needed = String.join(" or ", ranges);
            add(
                    "package-not-applicable",
                    pointer,
                    "needs the version " + needed + ", installed is " + installed,
                    found);
        }
        checkDirection(pointer, found, now.get());
        List<String> stones = found.spec().textList("steppingStones");
        if (!there && !stones.isEmpty()) {
            String last = stones.get(stones.size() - 1);
            if (now.get().compareTo(VersionNumber.parse(last)) < 0) {
                add("stepping-stone-missed", pointer, "needs " + last + " first, installed is " + installed, found);
            }
        }
    }

    private void checkDirection(String pointer, Document found, VersionNumber now) {
        String offered = found.spec().text("version");
        boolean older = version(offered)
                .filter(version -> version.compareTo(now) < 0 && !version.sameAs(now))
                .isPresent();
        if (older && !found.spec().flag("downgradeAllowed")) {
            add("package-downgrade", pointer, "brings " + offered + " over the newer " + installed, found);
        }
    }

    /** A version that can't be compared is nobody's fault here: the schema allows any line. */
    private static Optional<VersionNumber> version(String text) {
        try {
            return Optional.of(VersionNumber.parse(text));
        } catch (Refusal notComparable) {
            return Optional.empty();
        }
    }

    private void add(String rule, String pointer, String problem, Document found) {
        findings.add(Finding.error(
                rule,
                pointer.substring(1) + " " + problem + " (" + found.path() + ")",
                system.tree().placeOf(pointer)));
    }
}
