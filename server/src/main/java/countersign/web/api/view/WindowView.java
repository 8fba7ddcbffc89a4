package countersign.web.api.view;

import countersign.manifest.ChangeRequest;
import org.jspecify.annotations.Nullable;

/** A span of time, both ends included. */
public record WindowView(String notBefore, String notAfter) {
    /** The same; null for none. */
    static @Nullable WindowView of(ChangeRequest.@Nullable Window window) {
        return window == null
                ? null
                : new WindowView(
                        window.notBefore().toString(), window.notAfter().toString());
    }
}
