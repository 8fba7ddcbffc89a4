package countersign.document.reader;

import countersign.codec.Finding;
import countersign.codec.yaml.YamlTree;
import countersign.document.ChangePath;
import countersign.document.Kind;
import countersign.document.PathRules;
import java.util.ArrayList;
import java.util.List;

/** Where documents of each kind may stand, and how their files are named (PROTOCOL §1.3–1.4). */
final class Placement {
    private Placement() {}

    static List<Finding> check(Kind kind, String name, String path, YamlTree tree) {
        List<Finding> findings = new ArrayList<>();
        if (!isAtHome(kind, path)) {
            String rule = kind.trust() ? "misplaced-trust-kind" : "misplaced-kind";
            findings.add(Finding.error(
                            rule,
                            "a " + kind.label() + " belongs to " + home(kind, name) + ", this file is " + path,
                            tree.keyPlaceOf("/kind"))
                    .withWayOut("move it there"));
        } else if (PathRules.isName(name) && !namesFile(kind, name, path)) {
            findings.add(Finding.error(
                            "name-differs-from-file",
                            "the " + kind.label() + " is named " + name + ", its file " + path,
                            tree.placeOf("/metadata/name"))
                    .withWayOut("rename one of them, so that it stands at " + home(kind, name)));
        }
        return findings;
    }

    private static boolean isAtHome(Kind kind, String path) {
        String parent = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
        return switch (kind) {
            case REPOSITORY -> path.equals("countersign.yaml");
            case CHANGE_REQUEST -> ChangePath.ofDocument(path).isPresent();
            case SYSTEM_CONFIG ->
                parent.startsWith("systems/") && PathRules.isName(parent.substring("systems/".length()));
            case POLICY_TEST -> parent.equals(kind.folder()) && path.endsWith(".test.yaml");
            case PERSON,
                    ROLE_GRANT,
                    APPROVAL_RULE,
                    POLICY,
                    WAIVER,
                    CALENDAR,
                    TARGET,
                    KEY_INVENTORY,
                    UPGRADE_PACKAGE,
                    SERVICE_LEVEL_AGREEMENT,
                    CHANGE_TEMPLATE -> parent.equals(kind.folder());
        };
    }

    private static boolean namesFile(Kind kind, String name, String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        return kind == Kind.REPOSITORY || file.equals(fileName(kind, name));
    }

    private static String home(Kind kind, String name) {
        return switch (kind) {
            case REPOSITORY -> "countersign.yaml";
            case CHANGE_REQUEST -> "changes/<yyyy-mm-dd>/" + fileName(kind, name);
            case SYSTEM_CONFIG -> "systems/<system>/" + fileName(kind, name);
            default -> kind.folder() + "/" + fileName(kind, name);
        };
    }

    private static String fileName(Kind kind, String name) {
        return (PathRules.isName(name) ? name : "<name>") + (kind == Kind.POLICY_TEST ? ".test.yaml" : ".yaml");
    }
}
