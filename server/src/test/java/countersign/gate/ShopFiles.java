package countersign.gate;

import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The documents of a small believable shop, as text by path: what a genesis commit holds. */
public final class ShopFiles {
    /** Id of the shop's repository. */
    public static final String ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

    /** Origin of its record log. */
    public static final String ORIGIN = "log.lantern-tea.example/shop";

    private static final List<String> PEOPLE = List.of("ann", "bob", "carol", "dave", "erin", "frank", "grace");

    private ShopFiles() {}

    /** Every document, by path. */
    static Map<String, String> all() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("README.md", "# Lantern Tea\n");
        files.put("countersign.yaml", settings());
        PEOPLE.forEach(name -> files.put("access/people/" + name + ".yaml", person(name, name)));
        files.putAll(grants());
        files.putAll(rules());
        files.put("targets/web-test.yaml", target("web-test", "test"));
        files.put("targets/web-production.yaml", target("web-production", "production"));
        files.put("packages/storefront-2-4-0.yaml", PACKAGE);
        files.put("systems/storefront/storefront-test.yaml", storefront("test", 8080));
        files.put("systems/storefront/storefront-production.yaml", storefront("production", 8080));
        files.put("systems/storefront/files/banner.html", "<p>Autumn teas</p>\n");
        files.put("systems/checkout/checkout-test.yaml", checkout("test", 8081));
        files.put("systems/checkout/checkout-production.yaml", checkout("production", 8081));
        return files;
    }

    /** A RoleGrant that holds for the whole of 2026. */
    public static String grant(String name, String person, String role, String scope) {
        return """
                apiVersion: countersign.dev/v1
                kind: RoleGrant
                metadata: {name: %s}
                spec:
                  person: %s
                  role: %s
                  scope: %s
                  notBefore: 2026-01-01T00:00:00Z
                  notAfter: 2027-01-01T00:00:00Z
                """.formatted(name, person, role, scope);
    }

    /** An ApprovalRule; {@code spec} is what stands below {@code spec:}, indented by two. */
    public static String rule(String name, String spec) {
        return "apiVersion: countersign.dev/v1\nkind: ApprovalRule\nmetadata: {name: " + name + "}\nspec:\n"
                + spec.indent(2);
    }

    /** A Person whose keys are those of the given names of {@link Keys}; the first name is also the mail address. */
    public static String person(String name, String... keys) {
        StringBuilder text = new StringBuilder("""
                apiVersion: countersign.dev/v1
                kind: Person
                metadata: {name: %s}
                spec:
                  displayName: %s of the shop
                  emails: [%s]
                  keys:
                """.formatted(name, name, Keys.email(name)));
        for (String key : keys) {
            text.append("    - key: ").append(Keys.of(key).publicKey().line()).append('\n');
        }
        return text.toString();
    }

    /** A SystemConfig of the storefront that listens on a port. */
    public static String storefront(String environment, int port) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: storefront-%1$s}
                spec:
                  owner: {unit: Shop engineering, person: ann}
                  environment: %1$s
                  classification: public
                  targets: [web-%1$s]
                  files:
                    - path: conf/application.properties
                      format: properties
                      data:
                        server.port: %2$d
                        logging.level: info
                    - path: public/banner.html
                      from: banner.html
                  packages: [storefront-2-4-0]
                """.formatted(environment, port);
    }

    /** A SystemConfig of the checkout that listens on a port. */
    public static String checkout(String environment, int port) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: checkout-%1$s}
                spec:
                  owner: {unit: Shop engineering, person: ann}
                  environment: %1$s
                  classification: confidential
                  targets: [web-%1$s]
                  files:
                    - path: conf/checkout.json
                      format: json
                      data: {port: %2$d, currency: EUR}
                """.formatted(environment, port);
    }

    /** A Target in an environment. */
    public static String target(String name, String environment) {
        return """
                apiVersion: countersign.dev/v1
                kind: Target
                metadata: {name: %1$s}
                spec:
                  environment: %2$s
                  driver: directory
                  directory: {path: %1$s}
                  keepReleases: 5
                """.formatted(name, environment);
    }

    /** The trust root. */
    public static String settings() {
        return """
                apiVersion: countersign.dev/v1
                kind: Repository
                metadata: {name: shop}
                spec:
                  id: %s
                  engine: 1
                  log:
                    origin: %s
                    keys: ["%s"]
                    cosigners: ["%s"]
                  serverKeys:
                    - %s
                  recovery:
                    threshold: 1
                    keys:
                      - %s
                """.formatted(
                        ID,
                        ORIGIN,
                        logSigner().key().vkey(),
                        cosigner().key().vkey(),
                        Keys.of("server").publicKey().line(),
                        Keys.of("vault").publicKey().line());
    }

    /** The key that signs the shop's checkpoints. */
    public static NoteSigner logSigner() {
        return new NoteSigner(ORIGIN, NoteKey.Algorithm.ED25519, Keys.seed("log"));
    }

    /** The log's own timestamping key. */
    public static NoteSigner cosigner() {
        return new NoteSigner(ORIGIN + "/clock", NoteKey.Algorithm.COSIGNATURE, Keys.seed("clock"));
    }

    private static Map<String, String> grants() {
        Map<String, String> grants = new LinkedHashMap<>();
        Map.of(
                        "ann", "engineer",
                        "bob", "approver",
                        "carol", "approver",
                        "dave", "approver",
                        "erin", "security",
                        "frank", "change-control")
                .forEach((person, role) -> {
                    String name = person + "-" + role;
                    grants.put("access/grants/" + name + ".yaml", grant(name, person, role, "{}"));
                });
        return grants;
    }

    private static Map<String, String> rules() {
        return Map.of(
                "policies/approve-everything.yaml",
                rule("approve-everything", """
                        match: {paths: ["**"]}
                        require: [{role: approver, count: 1}]
                        """),
                "policies/approve-production.yaml",
                rule("approve-production", """
                        match: {environments: [production]}
                        require: [{role: approver, count: 2}, {role: security, count: 1}]
                        override: {roles: [change-control]}
                        """),
                "policies/approve-trust.yaml",
                rule("approve-trust", """
                        match: {paths: [countersign.yaml, "access/**", "policies/**", "targets/**", "calendar/**"]}
                        require: [{role: approver, count: 2}]
                        """));
    }

    private static final String PACKAGE = """
            apiVersion: countersign.dev/v1
            kind: UpgradePackage
            metadata: {name: storefront-2-4-0}
            spec:
              version: "2.4.0"
              product: storefront
              releaseDate: 2026-11-02
              supplier: {name: Shop engineering, contact: storefront@lantern-tea.example}
              contents:
                - {path: storefront-2.4.0.jar, size: 41832960, sha256: 043552696891836b0f7f97395327a68dbe207497700e327db4f816bd57757c73}
              steps: [{name: Replace the jar and start}]
              applicableTo: {versions: [">=2.2.0 <2.4.0"]}
              rollback: {supported: true}
            """;
}
