package countersign.web.http;

import java.util.Map;

/** The HTTP status of each rule that refuses a request; 422 where nothing else is said. */
final class Statuses {
    private static final int UNPROCESSABLE = 422;

    private static final Map<String, Integer> BY_RULE = Map.ofEntries(
            Map.entry("malformed-json", 400),
            Map.entry("malformed-git-request", 400),
            Map.entry("malformed-cursor", 400),
            Map.entry("malformed-number", 400),
            Map.entry("malformed-time", 400),
            Map.entry("malformed-document-name", 400),
            Map.entry("missing-parameter", 400),
            Map.entry("unknown-format", 400),
            Map.entry("nothing-to-search", 400),
            Map.entry("search-too-long", 400),
            Map.entry("search-too-broad", 400),
            Map.entry("limit-out-of-range", 400),
            Map.entry("not-authenticated", 401),
            Map.entry("sign-in-failed", 401),
            Map.entry("scope-missing", 403),
            Map.entry("person-unknown", 403),
            Map.entry("unknown-person", 403),
            Map.entry("not-yours", 403),
            Map.entry("server-only-path", 403),
            Map.entry("outside-of-log", 404),
            Map.entry("no-such-line", 422),
            Map.entry("cursor-gone", 410),
            Map.entry("unknown-event-type", 400),
            Map.entry("unknown-change", 404),
            Map.entry("unknown-requirement", 404),
            Map.entry("duplicate-webhook-name", 409),
            Map.entry("unknown-activity", 400),
            Map.entry("wait-out-of-range", 400),
            Map.entry("branch-moved", 409),
            Map.entry("change-closed", 409),
            Map.entry("decision-does-not-fit", 409),
            Map.entry("duplicate-name", 409),
            Map.entry("rollback-of-unmerged", 409),
            Map.entry("rollback-used", 409),
            Map.entry("rollback-open", 409),
            Map.entry("stopped", 409),
            Map.entry("not-stopped", 409),
            Map.entry("unknown-order", 400),
            Map.entry("contradicting-parameters", 400),
            Map.entry("rollback-would-trample", 409),
            Map.entry("precondition-failed", 412),
            Map.entry("too-many-paths", 413),
            Map.entry("too-many-attempts", 429),
            Map.entry("busy", 503),
            Map.entry("read-only", 503),
            Map.entry("apply-stopped", 503),
            Map.entry("clock-jumped", 503),
            Map.entry("clock-behind-log", 503),
            Map.entry("log-broken", 503),
            Map.entry("disk-not-writable", 503),
            Map.entry("disk-failed", 503),
            Map.entry("disk-full", 507));

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "The request is malformed"),
            Map.entry(401, "Authentication is needed"),
            Map.entry(403, "This is not allowed"),
            Map.entry(404, "There is no such thing"),
            Map.entry(409, "This contradicts the present state"),
            Map.entry(410, "This is not kept any more"),
            Map.entry(412, "It has changed meanwhile"),
            Map.entry(413, "This is too large"),
            Map.entry(UNPROCESSABLE, "A rule forbids this"),
            Map.entry(429, "This was tried too often"),
            Map.entry(503, "The server can't do this now"),
            Map.entry(507, "The server has no space for this"));

    private Statuses() {}

    static int of(String rule) {
        Integer known = BY_RULE.get(rule);
        if (known != null) {
            return known;
        }
        if (rule.startsWith("no-such-")) {
            return 404;
        }
        if (rule.endsWith("-too-large") || rule.equals("too-large")) {
            return 413;
        }
        return isConflict(rule) ? 409 : UNPROCESSABLE;
    }

    static String title(int status) {
        return TITLES.getOrDefault(status, "The request failed");
    }

    private static boolean isConflict(String rule) {
        return rule.contains("conflict") || rule.startsWith("already-") || rule.endsWith("-exists");
    }
}
