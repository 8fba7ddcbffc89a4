package countersign.document;

import java.util.Arrays;
import java.util.Optional;

/**
 * The kinds of documents. Trust kinds decide who may do what: they count only in their own folder, in a file named
 * after the document (PROTOCOL §1.3).
 */
public enum Kind {
    REPOSITORY("Repository", "", true),
    PERSON("Person", "access/people", true),
    ROLE_GRANT("RoleGrant", "access/grants", true),
    APPROVAL_RULE("ApprovalRule", "policies", true),
    POLICY("Policy", "policies", true),
    WAIVER("Waiver", "policies", true),
    CALENDAR("Calendar", "calendar", true),
    TARGET("Target", "targets", true),
    POLICY_TEST("PolicyTest", "policies", false),
    CHANGE_REQUEST("ChangeRequest", "changes", false),
    SYSTEM_CONFIG("SystemConfig", "systems", false),
    KEY_INVENTORY("KeyInventory", "keys", false),
    UPGRADE_PACKAGE("UpgradePackage", "packages", false),
    SERVICE_LEVEL_AGREEMENT("ServiceLevelAgreement", "services", false),
    CHANGE_TEMPLATE("ChangeTemplate", "templates", false);

    private final String label;
    private final String folder;
    private final boolean trust;

    Kind(String label, String folder, boolean trust) {
        this.label = label;
        this.folder = folder;
        this.trust = trust;
    }

    /** The word in the document's {@code kind} field. */
    public String label() {
        return label;
    }

    /** The folder its documents live in or under; empty for the root. */
    public String folder() {
        return folder;
    }

    public boolean trust() {
        return trust;
    }

    public static Optional<Kind> find(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }
}
