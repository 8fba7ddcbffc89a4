package countersign.cli.change;

import countersign.gate.vote.Decision;

/**
 * What the help says about a verb that signs, and what it cannot do without.
 *
 * @param does first sentence of its help
 * @param example a command line
 * @param needsRole whether the role decides
 * @param needsReason whether others will want to know why
 */
record SignedVerb(String does, String example, boolean needsRole, boolean needsReason) {
    private static final String KEY = " --key ~/.ssh/id_ed25519";

    static SignedVerb of(Decision decision) {
        return switch (decision) {
            case SUBMIT ->
                new SignedVerb(
                        "Sign that you put a change forward as it stands.",
                        "countersign change submit raise-cache" + KEY,
                        false,
                        false);
            case APPROVE ->
                new SignedVerb(
                        "Approve the exact effect of a change.",
                        "countersign change approve raise-cache --role approver" + KEY,
                        true,
                        false);
            case REJECT ->
                new SignedVerb(
                        "Reject a change: it can't merge until you withdraw that, or someone overrides it.",
                        "countersign change reject raise-cache --role approver --reason 'No load test.'" + KEY,
                        true,
                        true);
            case WITHDRAW ->
                new SignedVerb(
                        "Take your own approval or rejection of a change back.",
                        "countersign change withdraw raise-cache" + KEY,
                        false,
                        false);
            case OVERRIDE ->
                new SignedVerb(
                        "Set one rule aside for a change, if the rule names your role for that.",
                        "countersign change override raise-cache --role change-control \\\n"
                                + "    --rule change-freeze/shop/year-end --reason 'Outage of the shop.'" + KEY,
                        true,
                        true);
            case CONFIRM ->
                new SignedVerb(
                        "Confirm that a change which was applied does what it should.",
                        "countersign change confirm raise-cache --role change-control" + KEY,
                        true,
                        false);
            case ROLLBACK ->
                throw new IllegalArgumentException("there is no verb for the decision " + decision.label());
        };
    }
}
