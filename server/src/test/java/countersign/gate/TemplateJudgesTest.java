package countersign.gate;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.access.PathFacets;
import countersign.codec.Json;
import countersign.document.Document;
import countersign.document.reader.Documents;
import countersign.gate.template.ChangeTemplate;
import countersign.gate.template.TemplateScope;
import countersign.gate.template.TemplateText;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.object.InMemoryRepository;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that shares no code with ours says the same of what a template allows. */
final class TemplateJudgesTest {
    private static final Path PROGRAM = Path.of("server/src/test/resources/python/standard_change.py");
    private static final String SYSTEM = "systems/shop/shop-test.yaml";
    private static final String BASE = "systems/shop/shop-base.yaml";
    private static final String TEMPLATE = "templates/wait.yaml";
    private static final String REQUEST = "changes/2026-11-21/wait.yaml";

    private final Repository repository = new InMemoryRepository();
    private final DocumentReader documents = new DocumentReader(new Documents(), 1_000);

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a number inside              | seconds: 30     | seconds: 60             | none
            a number that is too great   | seconds: 30     | seconds: 101            | makes
            a number that is a text      | seconds: 30     | seconds: "60"           | makes
            a number with a fraction     | seconds: 30     | seconds: 60.5           | none
            a value that is taken away   | , seconds: 30   | ''                      | takes
            a word that is allowed       | level: info     | level: warn             | none
            a word that is not           | level: info     | level: debug            | makes
            a truth that is none         | level: info     | level: true             | makes
            another field                | mode: fast      | mode: slow              | changes
            a field more                 | mode: fast      | mode: fast, more: 1     | changes
            a list that grows            | hosts: [a, b]   | hosts: [a, b, c]        | none
            a list elsewhere             | ports: [1]      | ports: [1, 2]           | changes
            a list that becomes a word   | hosts: [a, b]   | hosts: a                | none
            another environment          | environment: test | environment: production | allowed
            """)
    void of_what_a_change_alters(String what, String said, String instead, String problem) throws Exception {
        Map<String, String> after = new HashMap<>(files());
        after.put(SYSTEM, files().get(SYSTEM).replace(said, instead));

        assertThat(after.get(SYSTEM)).isNotEqualTo(files().get(SYSTEM));
        agree(template(""), request("60"), after, List.of(SYSTEM), problem);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a path of the pattern        | paths: ["systems/**"]                | systems/shop/shop-test.yaml | none
            a path of a shorter pattern  | paths: ["systems/*"]                 | systems/shop/shop-test.yaml | none of the paths
            a question mark              | paths: ["systems/sho?/*.yaml"]       | systems/shop/shop-test.yaml | none
            a dot is a dot               | paths: ["systems/shop/shop-test?yaml"] | systems/shop/shop-test.yaml | none
            another kind                 | kinds: [Target]                      | systems/shop/shop-test.yaml | which is no
            the kind                     | kinds: [SystemConfig]                | systems/shop/shop-test.yaml | none
            payload has no kind          | kinds: [SystemConfig]                | systems/shop/files/a.txt    | which is no
            payload has environments     | environments: [test]                 | systems/shop/files/a.txt    | none
            a base has those over it     | environments: [production]           | systems/shop/shop-base.yaml | allowed
            a base has their targets too | environments: [test]                 | systems/shop/shop-base.yaml | none
            a package has its users'     | environments: [test]                 | packages/shop-1.yaml        | none
            a trust folder is outside    | kinds: [Target]                      | targets/web.yaml            | who may do what
            plain content has nothing    | environments: [test]                 | README.md                   | allowed
            """)
    void of_which_paths_a_change_touches(String what, String allows, String path, String problem) throws Exception {
        Map<String, String> after = new HashMap<>(files());
        after.put(path, files().get(path) + (path.endsWith(".yaml") ? "# more\n" : "more\n"));

        agree(
                template("").replaceAll("(?s)    environments:.*?  parameters", "    " + allows + "\n  parameters"),
                request("60"),
                after,
                List.of(path),
                problem);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            as it is                     | kept                       | kept                      | none
            another reason               | reason: Payments time out. | reason: Nobody knows.     | another reason
            a step more                  | steps: [merge]             | steps: [merge, look]      | another plan
            a member more                | risk: low                  | risk: low, schedule: soon | none
            no parameter                 | '{seconds: "60"}'          | '{}'                      | fills in
            a parameter that is filled in again | '{seconds: "60"}'   | '{seconds: "${seconds}"}' | another title
            a rollback                   | contact: ann               | contact: ann~  rollback: {roles: [operator], for: PT1H} | permits
            """)
    void of_what_a_request_says(String what, String said, String instead, String problem) throws Exception {
        Map<String, String> after = new HashMap<>(files());
        after.put(SYSTEM, files().get(SYSTEM).replace("seconds: 30", "seconds: 60"));

        agree(template(""), request("60").replace(said, instead.replace("~", "\n")), after, List.of(SYSTEM), problem);
    }

    @Test
    void of_how_many_files_it_touches() throws Exception {
        Map<String, String> after = new HashMap<>(files());
        after.put(SYSTEM, files().get(SYSTEM).replace("seconds: 30", "seconds: 60"));
        after.put("systems/shop/other.yaml", after.get(SYSTEM).replace("shop-test", "other"));

        agree(template("maximumFiles: 1"), request("60"), after, List.of(SYSTEM), "none");
        agree(template("maximumFiles: 1"), request("60"), after, List.of(SYSTEM, "systems/shop/other.yaml"), "2 files");
    }

    private void agree(String template, String request, Map<String, String> after, List<String> touched, String problem)
            throws IOException, InterruptedException {
        Snapshot before = snapshot(files(), template, request);
        Snapshot changed = snapshot(after, template, request);

        List<String> ours = ours(before, changed, touched);
        String theirs = theirs(Map.of(
                "template", template, "request", request, "touched", touched, "before", files(), "after", after));

        assertThat(String.join("\n", ours)).contains(problem.equals("none") ? "" : problem);
        assertThat(ours.isEmpty()).as(ours.toString()).isEqualTo(problem.equals("none"));
        assertThat(theirs.isBlank()).as(theirs).isEqualTo(ours.isEmpty());
    }

    private List<String> ours(Snapshot before, Snapshot after, List<String> touched) {
        Facets facets = new Facets(documents);
        List<PathFacets> paths =
                touched.stream().map(path -> facets.of(path, before, after)).toList();
        ChangeTemplate template = ChangeTemplate.find(after, documents, "wait").orElseThrow();
        Document request = documents.find(after, REQUEST).orElseThrow();
        List<String> problems =
                new ArrayList<>(new TemplateScope(documents).problems(template.scope(), paths, before, after));
        problems.addAll(TemplateText.problems(template, request.spec()));
        return problems;
    }

    private static String theirs(Map<String, Object> given) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", "-B", PROGRAM.toString())
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(Json.write(given));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(said.isBlank() ? 0 : 1);
        assertThat(said).doesNotContain("Traceback");
        return said;
    }

    private Snapshot snapshot(Map<String, String> files, String template, String request) {
        Map<String, Edit> edits = new HashMap<>();
        Map<String, String> all = new TreeMap<>(files);
        all.put(TEMPLATE, template);
        all.put(REQUEST, request);
        all.forEach((path, text) ->
                edits.put(path, new Edit.Write(FileMode.REGULAR, text.getBytes(StandardCharsets.UTF_8))));
        return repository.snapshotOfTree(repository.edit(null, edits));
    }

    private static Map<String, String> files() {
        String system = """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: %s}
                spec:
                """;
        return Map.of(
                "README.md",
                "# Shop\n",
                BASE,
                system.formatted("shop-base") + "  abstract: true\n  owner: {unit: shop, person: ann}\n",
                SYSTEM,
                system.formatted("shop-test") + """
                  base: shop-base
                  environment: test
                  classification: public
                  targets: [web]
                  packages: [shop-1]
                  files:
                    - {path: shop.json, format: json, data: {mode: fast, seconds: 30, level: info, hosts: [a, b], ports: [1]}}
                    - {path: a.txt, from: a.txt}
                """,
                "systems/shop/files/a.txt",
                "text\n",
                "targets/web.yaml",
                """
                apiVersion: countersign.dev/v1
                kind: Target
                metadata: {name: web}
                spec: {environment: test, driver: directory, directory: {path: web}}
                """,
                "packages/shop-1.yaml",
                """
                apiVersion: countersign.dev/v1
                kind: UpgradePackage
                metadata: {name: shop-1}
                spec:
                  product: shop
                  version: "1"
                  releaseDate: 2026-11-01
                  supplier: {name: Example, contact: support@example.org}
                  contents: [{path: a.jar, size: 1, sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}]
                  steps: [{name: install, kind: copy, file: a.jar, timeout: PT5M}]
                  applicableTo: {versions: [">=1"]}
                  rollback: {supported: false}
                """);
    }

    private static String template(String more) {
        return """
                apiVersion: countersign.dev/v1
                kind: ChangeTemplate
                metadata: {name: wait}
                spec:
                  description: Time-outs.
                  type: standard
                  authority: {person: carol, reason: Weekly., notBefore: 2026-11-01T00:00:00Z, notAfter: 2026-12-01T00:00:00Z}
                  allows:
                    environments: [test]
                    pointers: [/spec/files/0/data/seconds, /spec/files/*/data/level, /spec/files/0/data/hosts, /spec/environment]
                    bounds:
                      - {pointer: /spec/files/*/data/seconds, minimum: 1, maximum: 100}
                      - {pointer: /spec/files/0/data/level, oneOf: [info, warn, 1]}
                    %s
                  parameters:
                    - {name: seconds, description: How many.}
                  request:
                    title: Wait ${seconds} seconds
                    reason: Payments time out.
                    plan: {scope: shop, steps: [merge], risk: low}
                    maintenanceType: corrective
                    test: {plan: watch}
                    backout: {plan: roll back}
                    securityImpact: none
                """.formatted(more.isEmpty() ? "maximumFiles: 5" : more);
    }

    private static String request(String seconds) {
        return """
                apiVersion: countersign.dev/v1
                kind: ChangeRequest
                metadata: {name: wait}
                spec:
                  # kept
                  type: standard
                  template: wait
                  parameters: {seconds: "%s"}
                  title: Wait %s seconds
                  reason: Payments time out.
                  requester: ann
                  contact: ann
                  plan: {scope: shop, steps: [merge], risk: low}
                  maintenanceType: corrective
                  test: {plan: watch}
                  backout: {plan: roll back}
                  securityImpact: none
                """.formatted(seconds, seconds);
    }
}
