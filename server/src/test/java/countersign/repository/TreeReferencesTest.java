package countersign.repository;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.document.Kind;
import countersign.document.reader.Documents;
import countersign.document.reference.DocumentName;
import countersign.document.reference.Impact;
import countersign.document.reference.Reference;
import countersign.repository.object.InMemoryRepository;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TreeReferencesTest {
    private final InMemoryRepository repository = new InMemoryRepository();
    private final DocumentReader documents = new DocumentReader(new Documents(), 1000);
    private final TreeReferences references = documents.references();
    private final Map<String, String> files = new TreeMap<>();

    @Test
    void who_names_a_document_is_known_with_its_place() {
        target("web-1");
        system("checkout", "web-1", "orders");
        system("orders", "web-1", "");

        List<Reference> found = references.to(tree(), new DocumentName(Kind.TARGET, "web-1"));

        assertThat(found)
                .extracting(reference -> reference.place().toString(), Reference::pointer)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("systems/checkout/checkout.yaml:8:13", "/spec/targets/0"),
                        org.assertj.core.groups.Tuple.tuple("systems/orders/orders.yaml:8:13", "/spec/targets/0"));
    }

    @Test
    void a_later_tree_costs_what_differs_not_what_there_is() {
        target("web-1");
        for (int i = 0; i < 200; i++) {
            system("system" + i, "web-1", "");
        }
        references.to(tree(), new DocumentName(Kind.TARGET, "web-1"));
        long before = references.documentsRead();

        system("system7", "web-1", "system8");
        List<Reference> found = references.to(tree(), new DocumentName(Kind.SYSTEM_CONFIG, "system8"));

        assertThat(before).isEqualTo(201);
        assertThat(found).hasSize(1);
        assertThat(references.documentsRead() - before).isEqualTo(1);
    }

    @Test
    void merged_requests_and_payload_hold_nothing() {
        target("web-1");
        files.put("changes/2026-11-21/x.yaml", "kind: ChangeRequest");
        files.put("systems/checkout/files/deep/x.yaml", "targets: [web-1]");
        system("checkout", "web-1", "");

        assertThat(references.to(tree(), new DocumentName(Kind.TARGET, "web-1")))
                .hasSize(1);
        assertThat(references.documentsRead()).isEqualTo(2);
    }

    @Test
    void whatever_happened_before_the_answer_is_that_of_a_fresh_index() {
        SplittableRandom random = new SplittableRandom(20261121);
        List<String> names = List.of("a", "b", "c", "d", "e", "f");
        target("web-1");
        for (int round = 0; round < 300; round++) {
            String name = names.get(random.nextInt(names.size()));
            String other = names.get(random.nextInt(names.size()));
            String path = "systems/" + name + "/" + name + ".yaml";
            if (random.nextInt(3) == 0) {
                files.remove(path);
            } else {
                system(name, "web-1", other);
            }

            Snapshot tree = tree();

            for (String asked : names) {
                DocumentName wanted = new DocumentName(Kind.SYSTEM_CONFIG, asked);
                TreeReferences fresh = new DocumentReader(new Documents(), 1000).references();
                assertThat(references.to(tree, wanted)).isEqualTo(fresh.to(tree, wanted));
            }
        }
    }

    @Test
    void a_change_reaches_what_needs_what_it_changes() {
        target("web-1");
        system("storefront", "web-1", "checkout");
        system("checkout", "web-1", "orders");
        system("orders", "web-1", "");
        system("mail", "web-1", "");

        Impact impact = references.impact(tree(), List.of(new DocumentName(Kind.SYSTEM_CONFIG, "orders")));

        assertThat(impact.reached())
                .extracting(reached -> reached.distance() + " " + reached.name())
                .containsExactly(
                        "0 SystemConfig orders",
                        "1 Target web-1",
                        "1 SystemConfig checkout",
                        "2 SystemConfig storefront");
        assertThat(impact.reached().get(3).because().orElseThrow().pointer()).isEqualTo("/spec/dependsOn/0");
    }

    @Test
    void a_changed_target_reaches_every_system_on_it() {
        target("web-1");
        target("web-2");
        system("checkout", "web-1", "");
        system("mail", "web-2", "");

        Impact impact = references.impact(tree(), List.of(new DocumentName(Kind.TARGET, "web-2")));

        assertThat(new TreeSet<>(impact.names(Kind.SYSTEM_CONFIG))).containsExactly("mail");
    }

    private void target(String name) {
        files.put("targets/" + name + ".yaml", """
                apiVersion: countersign.dev/v1
                kind: Target
                metadata: {name: %s}
                spec:
                  environment: production
                  driver: directory
                  directory: {path: %s}
                """.formatted(name, name));
    }

    private void system(String name, String target, String needs) {
        files.put("systems/" + name + "/" + name + ".yaml", """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: %s}
                spec:
                  owner: {unit: Shop, person: ann}
                  environment: production
                  classification: public
                  targets: [%s]
                  files: []
                  dependsOn: [%s]
                """.formatted(name, target, needs));
    }

    private Snapshot tree() {
        Map<String, Edit> edits = new HashMap<>();
        files.forEach((path, text) ->
                edits.put(path, new Edit.Write(FileMode.REGULAR, text.getBytes(StandardCharsets.UTF_8))));
        return repository.snapshotOfTree(repository.edit(null, edits));
    }
}
