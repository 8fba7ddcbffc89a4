package countersign.change.store;

import countersign.manifest.ChangeRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a push moved the window in which an open change may merge. Its manifest is another then, so its votes are void.
 *
 * @param revision which push, from 2
 * @param from the window before; null if there was none
 * @param to the window since; null if there is none
 * @param reason why, as the request or else the commit says
 * @param person who pushed
 * @param at when the server accepted it
 */
public record Rescheduling(
        int revision,
        ChangeRequest.@Nullable Window from,
        ChangeRequest.@Nullable Window to,
        String reason,
        String person,
        Instant at) {}
