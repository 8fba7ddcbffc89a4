package countersign.target;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One thing that must hold after a release was activated. */
public sealed interface HealthCheck {
    /** The most bytes of a file that a check looks at. */
    int MAX_FILE_BYTES = 16 << 20;

    /** Unique among the checks of a system. */
    String name();

    /** Has the probe examine this check, by its kind. */
    Result examine(Probe probe);

    /** Examines checks of each kind. */
    interface Probe {
        Result look(File check);

        Result ask(Http check);
    }

    /**
     * A file stands.
     *
     * @param path below the system's folder
     * @param contains text that the file must hold; null if its presence is enough
     */
    record File(String name, String path, @Nullable String contains) implements HealthCheck {
        public File {
            Location.partsOf(path);
        }

        @Override
        public Result examine(Probe probe) {
            return probe.look(this);
        }

        /** Whether bytes that stand at the path satisfy the check. */
        boolean accepts(byte[] bytes) {
            return contains == null || new String(bytes, StandardCharsets.UTF_8).contains(contains);
        }
    }

    /**
     * A URL answers a GET with one status; redirects are not followed.
     *
     * @param url absolute, http or https
     * @param status expected status code
     */
    record Http(String name, URI url, int status) implements HealthCheck {
        public Http {
            String scheme = url.getScheme();
            if (!("http".equals(scheme) || "https".equals(scheme)) || url.getHost() == null) {
                throw new Refusal("malformed-check", "check " + name + " needs an http or https URL, found: " + url);
            }
            if (url.getUserInfo() != null) {
                throw new Refusal("malformed-check", "check " + name + " has credentials in its URL");
            }
        }

        @Override
        public Result examine(Probe probe) {
            return probe.ask(this);
        }
    }

    /**
     * All checks of a system, with the time they have together.
     *
     * @param checks in order
     * @param timeout more than zero, at most ten minutes
     */
    record Suite(List<HealthCheck> checks, Duration timeout) {
        private static final Duration LONGEST = Duration.ofMinutes(10);

        /** No checks: always healthy. */
        public static final Suite NONE = new Suite(List.of(), Duration.ofSeconds(10));

        public Suite {
            checks = List.copyOf(checks);
            if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
                throw new Refusal("malformed-check", "a health timeout is at most " + LONGEST + ", found " + timeout);
            }
            Set<String> names = new HashSet<>();
            for (HealthCheck check : checks) {
                if (!names.add(check.name())) {
                    throw new Refusal("malformed-check", "two health checks have the name " + check.name());
                }
            }
        }

        /** Reads {@code health {checks[{name, kind, path, contains, url, status}], timeout}} of a SystemConfig's spec. */
        public static Suite read(Fields spec) {
            Fields health = spec.objectOrNull("health");
            if (health == null) {
                return NONE;
            }
            List<HealthCheck> checks = new ArrayList<>();
            for (Fields check : health.objectList("checks")) {
                checks.add(readCheck(check));
            }
            return new Suite(checks, health.has("timeout") ? health.duration("timeout") : NONE.timeout());
        }

        private static HealthCheck readCheck(Fields check) {
            String name = check.text("name");
            String kind = check.text("kind");
            return switch (kind) {
                case "file" -> new File(name, check.text("path"), check.textOrNull("contains"));
                case "http" -> new Http(name, readUrl(name, check.text("url")), check.integerOr("status", 200));
                default ->
                    throw new Refusal(
                            "malformed-check", "check " + name + " is of kind " + kind + ", not file or http");
            };
        }

        private static URI readUrl(String name, String url) {
            try {
                return URI.create(url);
            } catch (IllegalArgumentException malformed) {
                throw new Refusal("malformed-check", "check " + name + " has a malformed URL");
            }
        }
    }

    /**
     * What came of one check.
     *
     * @param name the check's name
     * @param passed whether it holds
     * @param detail what was expected and what was found; no content of files
     */
    record Result(String name, boolean passed, String detail) {}
}
