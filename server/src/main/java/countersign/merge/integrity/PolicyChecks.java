package countersign.merge.integrity;

import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import countersign.policy.Waiver;
import countersign.policy.testing.PolicyTestRunner;
import countersign.repository.Difference;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whether the policies, tests and waivers that a change touches may be proposed. A policy that can't be evaluated would
 * deny every later change, its own repair included; one that nobody tried denies by accident. Thread-safe.
 */
final class PolicyChecks {
    private static final int MAX_POLICY = 1 << 20;
    private static final String TEST = ".test.yaml";
    private static final String DOCUMENT = ".yaml";

    private final DocumentReader documents;
    private final PolicyEngine engine;
    private final PolicyTestRunner runner;

    PolicyChecks(DocumentReader documents, PolicyEngine engine) {
        this.documents = documents;
        this.engine = engine;
        this.runner = new PolicyTestRunner(engine);
    }

    List<Finding> check(Snapshot after, List<Difference> differences) {
        String folder = Kind.POLICY.folder() + "/";
        TreeSet<String> names = new TreeSet<>();
        for (Difference difference : differences) {
            String path = difference.path();
            if (path.startsWith(folder) && path.endsWith(DOCUMENT)) {
                String suffix = path.endsWith(TEST) ? TEST : DOCUMENT;
                names.add(path.substring(folder.length(), path.length() - suffix.length()));
            }
        }
        List<Finding> findings = new ArrayList<>();
        names.forEach(name -> check(after, folder + name, findings));
        return findings;
    }

    private void check(Snapshot after, String start, List<Finding> findings) {
        Optional<Document> found = documents.find(after, start + DOCUMENT);
        if (found.isEmpty()) {
            return;
        }
        Document document = found.get();
        try {
            switch (document.kind()) {
                case POLICY -> {
                    Policy policy = Policy.read(document, after.read(document.path(), MAX_POLICY));
                    List<Document> tests =
                            documents.find(after, start + TEST).stream().toList();
                    findings.addAll(engine.check(policy));
                    findings.addAll(runner.check(policy, tests));
                }
                case WAIVER -> Waiver.read(document);
                default -> {}
            }
        } catch (Refusal malformed) {
            findings.addAll(malformed.findings());
        }
    }
}
