package countersign.change.wish;

import countersign.gate.vote.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to sign.
 *
 * @param person the signer
 * @param decision what is decided
 * @param role role claimed
 * @param reason the signer's words
 * @param rule the rule that an override sets aside
 * @param client cli, web or manual
 */
public record Draft(
        String person,
        Decision decision,
        String role,
        String reason,
        @Nullable String rule,
        String client) {}
