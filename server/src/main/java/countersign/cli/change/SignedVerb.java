package countersign.cli.change;

import countersign.gate.vote.Decision;

/** What the help says about a verb that signs a decision of the same name, and what it cannot do without. */
enum SignedVerb {
    SUBMIT("submit", "Sign that you put a change forward as it stands.", "submit raise-cache", Needs.NOTHING),
    APPROVE("approve", "Approve the exact effect of a change.", "approve raise-cache --role approver", Needs.ROLE),
    REJECT(
            "reject",
            "Reject a change: it can't merge until you withdraw that, or someone overrides it.",
            "reject raise-cache --role approver --reason 'No load test.' \\\n   ",
            Needs.ROLE_AND_REASON),
    WITHDRAW(
            "withdraw",
            "Take your own approval, rejection or overrides of a change back.",
            "withdraw raise-cache",
            Needs.NOTHING),
    OVERRIDE(
            "override",
            "Set one rule aside for a change, if the rule names your role for that.",
            "override raise-cache --role change-control \\\n"
                    + "    --rule change-freeze/shop/year-end --reason 'Outage of the shop.'",
            Needs.ROLE_AND_REASON),
    CONFIRM(
            "confirm",
            "Confirm that a change which was applied does what it should.",
            "confirm raise-cache --role change-control",
            Needs.ROLE),
    ROLLBACK(
            "trigger",
            "Sign a rollback that the change granted: within the time that its approvers granted, one signature in a role"
                    + " that they named is enough.",
            "trigger rollback-20261122-raise-cache --role on-call",
            Needs.ROLE);

    private final String verb;
    private final String does;
    private final String arguments;
    private final Needs needs;

    private enum Needs {
        NOTHING,
        ROLE,
        ROLE_AND_REASON
    }

    SignedVerb(String verb, String does, String arguments, Needs needs) {
        this.verb = verb;
        this.does = does;
        this.arguments = arguments;
        this.needs = needs;
    }

    static SignedVerb of(Decision decision) {
        return valueOf(decision.name());
    }

    /** How it is called. */
    String verb() {
        return verb;
    }

    /** The first sentence of its help. */
    String does() {
        return does;
    }

    /** A command line. */
    String example() {
        return "countersign change " + arguments + " --key ~/.ssh/id_ed25519";
    }

    /** Whether the role decides. */
    boolean needsRole() {
        return needs != Needs.NOTHING;
    }

    /** Whether others will want to know why. */
    boolean needsReason() {
        return needs == Needs.ROLE_AND_REASON;
    }
}
