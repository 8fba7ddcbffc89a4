package countersign.cli.change;

import countersign.gate.vote.Decision;

/**
 * What the help says about a verb that signs, and what it cannot do without.
 *
 * @param name how it is called
 * @param does first sentence of its help
 * @param example a command line
 * @param needsRole whether the role decides
 * @param needsReason whether others will want to know why
 */
record SignedVerb(String name, String does, String example, boolean needsRole, boolean needsReason) {
    private static final String KEY = " --key ~/.ssh/id_ed25519";

    static SignedVerb of(Decision decision) {
        return switch (decision) {
            case SUBMIT ->
                new SignedVerb(
                        "submit",
                        "Sign that you put a change forward as it stands.",
                        "countersign change submit raise-cache" + KEY,
                        false,
                        false);
            case APPROVE ->
                new SignedVerb(
                        "approve",
                        "Approve the exact effect of a change.",
                        "countersign change approve raise-cache --role approver" + KEY,
                        true,
                        false);
            case REJECT ->
                new SignedVerb(
                        "reject",
                        "Reject a change: it can't merge until you withdraw that, or someone overrides it.",
                        "countersign change reject raise-cache --role approver --reason 'No load test.' \\\n   " + KEY,
                        true,
                        true);
            case WITHDRAW ->
                new SignedVerb(
                        "withdraw",
                        "Take your own approval, rejection or overrides of a change back.",
                        "countersign change withdraw raise-cache" + KEY,
                        false,
                        false);
            case OVERRIDE ->
                new SignedVerb(
                        "override",
                        "Set one rule aside for a change, if the rule names your role for that.",
                        "countersign change override raise-cache --role change-control \\\n"
                                + "    --rule change-freeze/shop/year-end --reason 'Outage of the shop.'" + KEY,
                        true,
                        true);
            case CONFIRM ->
                new SignedVerb(
                        "confirm",
                        "Confirm that a change which was applied does what it should.",
                        "countersign change confirm raise-cache --role change-control" + KEY,
                        true,
                        false);
            case ROLLBACK ->
                new SignedVerb(
                        "trigger",
                        "Sign a rollback that the change granted: within the time that its approvers granted, one"
                                + " signature in a role that they named is enough.",
                        "countersign change trigger rollback-20261122-raise-cache --role on-call" + KEY,
                        true,
                        false);
        };
    }
}
