package countersign.bench;

import countersign.signing.SshPrivateKey;
import countersign.signing.SshPublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The documents that benchmarks change: SystemConfigs in families of five, people with keys, a rule that wants two
 * approvers, two of the shipped policies. The systems have no targets, so nothing is applied after a merge.
 */
public final class ShopFolder {
    public static final String AUTHOR = "ann";
    public static final List<String> APPROVERS = List.of("carol", "dave");
    public static final List<String> PEOPLE = List.of(AUTHOR, "carol", "dave");

    private static final int FAMILY = 5;
    private static final int DAYS = 30;
    private static final List<String> POLICIES = List.of("two-person", "separation-of-duties");

    private ShopFolder() {}

    /** Writes about this many files. */
    public static void write(Path folder, int files) throws IOException {
        for (String person : PEOPLE) {
            write(folder, "access/people/" + person + ".yaml", """
                    apiVersion: countersign.dev/v1
                    kind: Person
                    metadata: {name: %s}
                    spec:
                      displayName: %s
                      emails: [%s@shop.example]
                      keys: []
                    """.formatted(person, person, person));
        }
        for (String person : APPROVERS) {
            write(folder, "access/grants/" + person + "-approver.yaml", """
                    apiVersion: countersign.dev/v1
                    kind: RoleGrant
                    metadata: {name: %s-approver}
                    spec: {person: %s, role: approver, notBefore: "2020-01-01T00:00:00Z", notAfter: "2099-01-01T00:00:00Z"}
                    """.formatted(person, person));
        }
        write(folder, "policies/two-approvers.yaml", """
                apiVersion: countersign.dev/v1
                kind: ApprovalRule
                metadata: {name: two-approvers}
                spec: {match: {paths: ["**"]}, require: [{role: approver, count: 2}]}
                """);
        for (String policy : POLICIES) {
            write(
                    folder,
                    "policies/" + policy + ".yaml",
                    Files.readString(Path.of("policies", "people", policy + ".yaml")));
        }
        for (int i = 0; i < files; i++) {
            write(folder, path(i), system(i, "1"));
        }
    }

    /** The same keys each time. */
    public static SshPrivateKey key(String person) {
        byte[] seed = new byte[32];
        new Random(person.hashCode()).nextBytes(seed);
        return SshPrivateKey.ofEd25519Seed(seed);
    }

    public static Map<String, SshPublicKey> keys() {
        Map<String, SshPublicKey> keys = new TreeMap<>();
        PEOPLE.forEach(person -> keys.put(person, key(person).publicKey()));
        return keys;
    }

    public static String path(int system) {
        return "systems/" + family(system) + "/" + name(system) + ".yaml";
    }

    public static String system(int system, String release) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata:
                  name: %s
                  labels: {system: %s, release: "%s"}
                spec:
                  owner: {unit: shop, person: ann}
                  environment: production
                  classification: public
                  targets: []
                  files:
                    - path: config/application.yaml
                      format: yaml
                      data:
                        server: {port: 8443, instances: 4, timeout: PT30S}
                        database: {host: orders-db.internal, pool: 20}
                    - path: config/logging.properties
                      format: properties
                      data: {level: info, release: "%s"}
                  health:
                    checks:
                      - {name: configured, kind: file, path: config/application.yaml}
                """.formatted(name(system), family(system), release, release);
    }

    /** As if the changes had been opened in the course of a month: what one day holds costs each change of that day. */
    static LocalDate someDay(String change) {
        return LocalDate.now(ZoneOffset.UTC).minusDays(Math.floorMod(change.hashCode(), DAYS));
    }

    public static String requestPath(String change) {
        return "changes/" + someDay(change) + "/" + change + ".yaml";
    }

    public static String request(String change) {
        return """
                apiVersion: countersign.dev/v1
                kind: ChangeRequest
                metadata:
                  name: %s
                spec:
                  title: Release another build
                  type: normal
                  reason: It is faster.
                  requester: ann
                  contact: ann@shop.example
                  maintenanceType: corrective
                  plan: {scope: one system, steps: [merge], risk: low}
                  test: {plan: watch the error rate}
                  backout: {plan: roll back}
                  securityImpact: none
                """.formatted(change);
    }

    private static String family(int system) {
        return "s%05d".formatted(system / FAMILY);
    }

    private static String name(int system) {
        return family(system) + "-" + system % FAMILY;
    }

    private static void write(Path folder, String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
