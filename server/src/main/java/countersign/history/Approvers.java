package countersign.history;

import countersign.access.PathFacets;
import countersign.gate.ApprovalRule;
import java.time.Instant;
import java.util.List;

/**
 * Who could approve a change of a path at a time, apart from whoever contributed to it.
 *
 * @param moment the tree whose rules, people and grants judged
 * @param facets what rules and grants saw of the path
 * @param floor how many people had to sign whatever the rules said
 * @param rules the rules that matched the path; none means that no change of it could merge
 */
public record Approvers(Moment moment, PathFacets facets, int floor, List<OfRule> rules) {
    public Approvers {
        rules = List.copyOf(rules);
    }

    /**
     * A rule that matched.
     *
     * @param rule the rule; it may be for some operations and types of changes only
     * @param roles every role that it names, with who held it
     */
    public record OfRule(ApprovalRule rule, List<OfRole> roles) {
        public OfRule {
            roles = List.copyOf(roles);
        }
    }

    /**
     * The people who held a role for the path.
     *
     * @param role name of the role
     * @param holders by name; only those with a key that stood
     */
    public record OfRole(String role, List<Holder> holders) {
        public OfRole {
            holders = List.copyOf(holders);
        }
    }

    /**
     * A person who could sign.
     *
     * @param person name
     * @param displayName how pages show the person
     * @param keys fingerprints of the keys that were not revoked
     * @param grant path of the RoleGrant
     * @param notBefore first moment it holds
     * @param notAfter first moment it no longer holds
     */
    public record Holder(
            String person, String displayName, List<String> keys, String grant, Instant notBefore, Instant notAfter) {
        public Holder {
            keys = List.copyOf(keys);
        }
    }
}
