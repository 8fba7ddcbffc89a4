package countersign.document.rule;

import countersign.codec.Finding;
import countersign.document.Document;
import java.util.List;

/** What must hold within one document of a kind, beyond its schema. */
public final class KindRules {
    private KindRules() {}

    /**
     * Every finding, each with its place.
     *
     * @param document fits its schema
     */
    public static List<Finding> check(Document document) {
        Part spec = Part.spec(document);
        return switch (document.kind()) {
            case ROLE_GRANT -> Moments.inOrder(spec, "notBefore", "notAfter");
            case WAIVER -> WaiverRules.check(spec);
            case CALENDAR -> CalendarRules.check(spec);
            case CHANGE_REQUEST -> RequestRules.check(spec);
            case SYSTEM_CONFIG -> SystemRules.check(spec);
            case KEY_INVENTORY -> KeyRules.check(spec);
            case UPGRADE_PACKAGE -> PackageRules.check(spec);
            case SERVICE_LEVEL_AGREEMENT -> AgreementRules.check(spec);
            case CHANGE_TEMPLATE -> TemplateRules.check(spec);
            case REPOSITORY -> AssessmentRules.check(spec);
            case PERSON, APPROVAL_RULE, POLICY, TARGET, POLICY_TEST -> List.of();
        };
    }
}
