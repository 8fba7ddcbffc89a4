package countersign.web.api;

import countersign.change.Outlook;
import countersign.merge.Waivers;
import countersign.web.http.Exchange;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The waivers of main over HTTP. */
final class WaiverEndpoints {
    private final Outlook outlook;

    WaiverEndpoints(Outlook outlook) {
        this.outlook = outlook;
    }

    /**
     * A waiver.
     *
     * @param standing pending, active, expiring or expired
     * @param excuses how many documents as they are it excuses; null if that is not known
     * @param unused whether it counts and excuses nothing
     */
    record WaiverView(
            String name,
            String document,
            String policy,
            List<String> rules,
            String reason,
            String notBefore,
            String expires,
            String standing,
            @Nullable Integer excuses,
            boolean unused) {
        static WaiverView of(Waivers.Reviewed reviewed) {
            return new WaiverView(
                    reviewed.waiver().name(),
                    reviewed.path(),
                    reviewed.waiver().policy(),
                    reviewed.waiver().rules().stream().sorted().toList(),
                    reviewed.reason(),
                    reviewed.waiver().notBefore().toString(),
                    reviewed.waiver().expires().toString(),
                    reviewed.standing().name().toLowerCase(Locale.ROOT),
                    reviewed.excuses(),
                    reviewed.excuses() != null && reviewed.excuses() == 0);
        }
    }

    /** All of them, the first to end first. */
    record WaiverList(List<WaiverView> items) {}

    void list(Exchange exchange) {
        exchange.tagged(
                new WaiverList(outlook.waivers().stream().map(WaiverView::of).toList()));
    }
}
