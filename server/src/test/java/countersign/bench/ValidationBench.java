package countersign.bench;

import countersign.document.Document;
import countersign.document.reader.Documents;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import countersign.policy.PolicyReport.Verdict;
import countersign.policy.input.ChangeFacts;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.DocumentChange.Operation;
import countersign.policy.input.Facts;
import countersign.policy.input.PolicyInput;
import countersign.policy.input.Stage;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How many documents per second one core validates: strict YAML, schema, and 20 policies that all apply; budget 5,000.
 * The thread's processor time counts, so that a busy machine does not.
 * Measured after 30,000 documents or 30 s of warming up.
 */
final class ValidationBench {
    private static final int DOCUMENTS = 500;
    private static final int WARM_UP_DOCUMENTS = 30_000;
    private static final int WARM_UP_SECONDS = 30;
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private static final List<String> RULES = List.of(
            "object.spec.environment in ['test', 'staging', 'production']",
            "size(object.spec.targets) > 0",
            "object.spec.owner.person != ''",
            "object.spec.files.all(f, !f.path.startsWith('/'))",
            "object.spec.files.all(f, !has(f.data) || f.format in ['yaml', 'json', 'env'])",
            "object.?spec.?health.?checks.orValue([]).exists(c, c.kind == 'file')",
            "object.?spec.?backup.?keep.orValue(3) >= 1",
            "object.spec.classification != 'public'",
            "object.metadata.name.endsWith(object.spec.environment)",
            "object.spec.targets.all(t, t.endsWith(object.spec.environment))",
            "!object.?spec.?dependsOn.orValue([]).exists(d, d == object.metadata.name)",
            "object.spec.files.exists_one(f, f.path.endsWith('checkout.yaml'))",
            "object.spec.files.all(f, !has(f.content) || !f.content.contains('BEGIN PRIVATE KEY'))",
            "object.spec.files.filter(f, f.path.endsWith('.yaml')).all(f, f.data.server.port > 1024)",
            "object.spec.files.filter(f, f.path.endsWith('.yaml')).all(f, f.data.server.instances <= params.most)",
            "object.metadata.labels.system.matches('^[a-z-]+$')",
            "change.requester != '' && operation in ['create', 'update']",
            "files.all(f, f.path.startsWith('systems/'))",
            "now.getDayOfWeek('Europe/Amsterdam') != 5 || change.type == 'emergency'",
            "!oldObject.hasValue() || oldObject.value().spec.environment == object.spec.environment");

    private final Documents documents = new Documents();
    private final PolicyEngine engine = new PolicyEngine();
    private final List<Policy> policies = new ArrayList<>();
    private final List<byte[]> files = new ArrayList<>();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private int next;
    private int findings;

    private ValidationBench() {
        for (int i = 0; i < RULES.size(); i++) {
            policies.add(policy(i));
        }
        for (int i = 0; i < DOCUMENTS; i++) {
            files.add(system(i).getBytes(StandardCharsets.UTF_8));
        }
    }

    static List<Row> rows(int seconds) {
        ValidationBench bench = new ValidationBench();
        bench.run(WARM_UP_SECONDS, WARM_UP_DOCUMENTS);
        long[] nanos = bench.run(seconds, seconds * 50_000);
        Arrays.sort(nanos);
        if (bench.findings > 0) {
            throw new IllegalStateException(bench.findings + " documents of the benchmark broke a policy");
        }
        double used = Arrays.stream(nanos).sum() / 1e9;
        Timings timings = new Timings(nanos, used, used);
        String what = "validation of a document of %,d bytes (YAML + schema + %d policies), one core"
                .formatted(bench.files.get(0).length, bench.policies.size());
        return List.of(Row.of(what, timings, Row.Budget.rate(5_000)));
    }

    private long[] run(int seconds, int most) {
        long[] nanos = new long[most];
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        int count = 0;
        long start = threads.getCurrentThreadCpuTime();
        while (System.nanoTime() < end && count < nanos.length) {
            validate(next++ % DOCUMENTS);
            long now = threads.getCurrentThreadCpuTime();
            nanos[count++] = now - start;
            start = now;
        }
        return Arrays.copyOf(nanos, count);
    }

    private void validate(int index) {
        String path = "systems/checkout/checkout-" + index + "-production.yaml";
        Document document = documents.read(path, files.get(index)).orElseThrow();
        ChangeFacts change = new ChangeFacts(
                "bench",
                "Bench",
                "normal",
                "apply",
                null,
                "ann",
                List.of(),
                List.of("ann"),
                List.of("production"),
                List.of(),
                null,
                Map.of(),
                new ChangeFacts.Weight("low", "low", "low", 3),
                null);
        PolicyInput input = new PolicyInput(
                change,
                List.of(new DocumentChange(path, Operation.CREATE, null, document)),
                Facts.none(),
                NOW,
                Stage.GATE);
        if (engine.evaluate(policies, input).verdict() == Verdict.DENIED) {
            findings++;
        }
    }

    private Policy policy(int index) {
        String yaml = """
                apiVersion: countersign.dev/v1
                kind: Policy
                metadata: {name: bench-%d}
                spec:
                  description: One of the rules of the benchmark.
                  match: {kinds: [SystemConfig], environments: [production], paths: ["systems/**"]}
                  params: {most: {type: int, default: 64}}
                  rules:
                    - id: the-rule
                      expression: "%s"
                      message: the rule is broken
                  enforcement: {default: deny}
                """.formatted(index, RULES.get(index));
        byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
        return Policy.read(
                documents.read("policies/bench-" + index + ".yaml", bytes).orElseThrow(), bytes);
    }

    private static String system(int index) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata:
                  name: checkout-%1$d-production
                  title: Checkout, production
                  labels:
                    system: checkout
                    tier: application
                spec:
                  owner:
                    unit: Shop engineering
                    person: ann
                  environment: production
                  classification: confidential
                  targets: [web-production]
                  files:
                    - path: checkout/checkout.yaml
                      format: yaml
                      data:
                        server:
                          port: 8081
                          instances: 6
                        basket:
                          maxLines: %1$d
                          expiresAfter: PT2H
                        payment:
                          gateway: http://payment-gateway.production.internal:8082
                          timeout: PT8S
                          retries: 2
                        delivery:
                          countries: [DE, DK, FR, NL, PL, SE]
                    - path: checkout/runtime.env
                      format: env
                      data:
                        JAVA_OPTS: -XX:MaxRAMPercentage=75
                        LOG_LEVEL: info
                        ORDER_DATABASE_HOST: order-database.production.internal
                  dependsOn: [order-database-production, payment-gateway-production]
                  startAfter: [order-database-production, payment-gateway-production]
                  health:
                    checks:
                      - name: gateway-is-named
                        kind: file
                        path: checkout/checkout.yaml
                        contains: "gateway:"
                    timeout: PT10S
                  backup:
                    keep: 3
                """.formatted(index);
    }
}
