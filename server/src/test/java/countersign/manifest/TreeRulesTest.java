package countersign.manifest;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import countersign.gate.Keys;
import countersign.gate.Overlay;
import countersign.gate.ProposedChange;
import countersign.gate.Shop;
import countersign.gate.ShopFiles;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no signature can let through: each is refused by the verifier too, whoever approved it. */
class TreeRulesTest {
    private static final String SETTINGS = "countersign.yaml";

    private final Shop shop = shop();

    @Test
    void a_good_change_has_no_finding() {
        assertThat(findings(shop.change("fine").touching("README.md", "# Tea\n")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"120000", "160000"})
    void links_and_submodules_are_refused(String mode) {
        Effect.Proposal good =
                shop.change("link").touching("README.md", "# Tea\n").proposal();
        Effect.Proposal bad = new Effect.Proposal(
                good.before(), new Overlay(good.after(), "link", mode), good.change(), good.contributors());

        assertThat(shop.effect().check(bad)).extracting(Finding::rule).containsExactly("forbidden-mode");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "forbidden-name, .gitattributes",
        "forbidden-name, docs/.mailmap",
        "forbidden-name, .gitmodules",
        "forbidden-name, systems/storefront/files/.lfsconfig",
        "windows-reserved, docs/aux.txt",
        "windows-reserved, systems/storefront/files/NUL",
        "path-characters, docs/a b.txt",
        "yml-suffix, docs/a.yml",
        "path-not-nfc, systems/storefront/files/cafe\u0301.txt",
        "path-invisible, systems/storefront/files/a\u202eb.txt",
        "path-invisible, systems/storefront/files/a\u0001.txt",
        "unknown-api-version, docs/notes.yaml",
        "changes-immutable, changes/2026-11-21/other.txt",
        "changes-immutable, changes/2026-11-21/another/manifest.json",
        "changes-immutable, changes/README.md"
    })
    void a_path_that_may_not_stand_is_refused(String rule, String path) {
        assertThat(findings(shop.change("path").touching(path, "text: 1\n")))
                .extracting(Finding::rule)
                .contains(rule);
    }

    @Test
    void the_servers_own_folder_holds_no_file_of_a_branch() {
        assertThat(findings(shop.change("mine").touching("changes/2026-11-21/mine", "x")))
                .extracting(Finding::rule)
                .containsExactly("changes-immutable");
    }

    @ParameterizedTest
    @CsvSource({
        "misplaced-trust-kind, systems/storefront/carol-approver.yaml",
        "misplaced-trust-kind, access/people/carol-approver.yaml",
        "misplaced-trust-kind, carol-approver.yaml",
        "name-differs-from-file, access/grants/other.yaml"
    })
    void a_trust_document_counts_only_in_its_own_place(String rule, String path) {
        String grant = ShopFiles.grant("carol-approver", "carol", "approver", "{}");

        assertThat(findings(shop.change("grant").touching(path, grant)))
                .extracting(Finding::rule)
                .containsExactly(rule);
    }

    @ParameterizedTest
    @CsvSource({
        "README.md, readme.MD",
        "systems/storefront/files/banner.html, systems/storefront/files/Banner.html",
        "systems/storefront/files/banner.html, systems/storefront/Files/banner.html",
        "systems/storefront/files/straße, systems/storefront/files/STRASSE"
    })
    void names_that_a_file_system_takes_for_one_are_refused(String there, String added) {
        shop.with(there, "one\n");

        assertThat(findings(shop.change("twin").touching(added, "two\n")))
                .extracting(Finding::rule)
                .contains("path-collision");
    }

    @Test
    void a_document_is_not_executable() {
        byte[] text = ShopFiles.target("web-test", "test").getBytes(UTF_8);
        ProposedChange change =
                shop.change("run").editing("targets/web-test.yaml", new Edit.Write(FileMode.EXECUTABLE, text));

        assertThat(findings(change)).extracting(Finding::rule).containsExactly("forbidden-mode");
    }

    @Test
    void a_pointer_to_large_files_is_refused() {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";

        assertThat(findings(shop.change("lfs").touching("systems/storefront/files/jar", pointer)))
                .extracting(Finding::rule)
                .containsExactly("lfs-pointer");
    }

    @Test
    void sizes_are_bounded() {
        assertThat(findings(shop.change("large").touching("docs/a.yaml", "#".repeat((1 << 20) + 1))))
                .extracting(Finding::rule)
                .containsExactly("too-large");
        assertThat(findings(shop.change("large").touching("systems/storefront/files/a", "#".repeat((16 << 20) + 1))))
                .extracting(Finding::rule)
                .containsExactly("too-large");
    }

    @ParameterizedTest
    @CsvSource({
        "trust-root-identity, id: 7c9e6679, id: 8c9e6679",
        "trust-root-identity, origin: log., origin: my-log.",
        "not-one-of, engine: 1, engine: 0",
        "not-one-of, engine: 1, engine: 2"
    })
    void the_trust_root_keeps_its_identity_and_its_engine(String rule, String good, String bad) {
        String text = shop.text(SETTINGS);
        assertThat(text).contains(good);

        assertThat(findings(shop.change("root").touching(SETTINGS, text.replace(good, bad))))
                .extracting(Finding::rule)
                .containsOnly(rule);
    }

    @Test
    void the_trust_root_is_not_deleted() {
        assertThat(findings(shop.change("root").removing(SETTINGS)))
                .extracting(Finding::rule)
                .contains("no-trust-root");
    }

    @Test
    void a_server_key_is_rotated() {
        String text = shop.text(SETTINGS);
        String rotated = text.replace(
                Keys.of("server").publicKey().line(),
                Keys.of("server-2").publicKey().line());

        assertThat(rotated).isNotEqualTo(text);
        assertThat(findings(shop.change("root").touching(SETTINGS, rotated))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dave", "server", "vault"})
    void a_key_belongs_to_one_only(String owner) {
        String person = ShopFiles.person("carol", "carol", owner);

        assertThat(findings(shop.change("key").touching("access/people/carol.yaml", person)))
                .extracting(Finding::rule)
                .containsExactly("shared-key");
    }

    @Test
    void a_key_of_a_person_is_no_agents_key() {
        String target = ShopFiles.target("web-test", "test") + "  agents: [{key: "
                + Keys.of("carol").publicKey().line() + "}]\n";

        assertThat(findings(shop.change("key").touching("targets/web-test.yaml", target)))
                .extracting(Finding::rule)
                .containsExactly("shared-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"web-production", "web-production/storefront-production", "Web-Production"})
    void two_targets_never_share_a_place(String place) {
        String target = ShopFiles.target("web-sneak", "test").replace("{path: web-sneak}", "{path: " + place + "}");

        assertThat(findings(shop.change("sneak").touching("targets/web-sneak.yaml", target)))
                .extracting(Finding::rule)
                .containsExactly("shared-target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"conf/checkout.json", "conf", "conf/checkout.json/a", "CONF/checkout.json"})
    void two_files_of_a_system_never_share_a_place(String path) {
        String there = ShopFiles.checkout("test", 8081);
        ProposedChange change = shop.change("twice")
                .touching(
                        "systems/checkout/checkout-test.yaml", there + "    - path: " + path + "\n      content: x\n");

        assertThat(refusalOf(change::manifest).rule()).isEqualTo("duplicate-file");
    }

    @Test
    void an_address_belongs_to_one_only_whatever_its_case() {
        String person = ShopFiles.person("carol", "carol").replace("[carol@", "[DAVE@");

        assertThat(findings(shop.change("mail").touching("access/people/carol.yaml", person)))
                .extracting(Finding::rule)
                .containsExactly("shared-email");
    }

    @Test
    void two_systems_of_one_name_are_refused() {
        assertThat(findings(shop.change("twin")
                        .touching("systems/other/storefront-test.yaml", ShopFiles.storefront("test", 1))))
                .extracting(Finding::rule)
                .containsExactly("duplicate-name");
    }

    @Test
    void two_new_systems_of_one_name_are_refused_at_both_places() {
        String one = ShopFiles.storefront("test", 1).replace("name: storefront-test", "name: twin");

        assertThat(findings(shop.change("twins")
                        .touching("systems/left/twin.yaml", one)
                        .touching("systems/right/twin.yaml", one)))
                .filteredOn(finding -> finding.rule().equals("duplicate-name"))
                .extracting(Finding::message)
                .containsExactlyInAnyOrder(
                        "the name of systems/left/twin.yaml is taken by systems/right/twin.yaml",
                        "the name of systems/right/twin.yaml is taken by systems/left/twin.yaml");
    }

    @Test
    void a_system_that_names_no_target_and_a_target_that_a_system_names_are_refused() {
        ProposedChange lost = shop.change("lost")
                .touching(
                        "systems/storefront/storefront-test.yaml",
                        ShopFiles.storefront("test", 1).replace("web-test", "web-moon"));
        ProposedChange taken = shop.change("taken").removing("targets/web-test.yaml");
        ProposedChange payload = shop.change("payload").removing("systems/storefront/files/banner.html");

        assertThat(refusalOf(lost::manifest).rule()).isEqualTo("dangling-reference");
        assertThat(refusalOf(taken::manifest).rule()).isEqualTo("dangling-reference");
        assertThat(refusalOf(payload::manifest).rule()).isEqualTo("missing-payload");
    }

    @Test
    void the_verifier_refuses_what_the_rules_find() {
        var merge = shop.change("key")
                .touching("access/people/carol.yaml", ShopFiles.person("carol", "carol", "dave"))
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("shared-key");
    }

    private List<Finding> findings(ProposedChange change) {
        return shop.effect().check(change.proposal());
    }
}
