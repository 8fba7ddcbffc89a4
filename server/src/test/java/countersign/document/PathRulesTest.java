package countersign.document;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "countersign.yaml",
                "README.md",
                "LICENSE",
                ".gitignore",
                "docs/Plan-2.txt",
                "access/people/ann.yaml",
                "systems/shop/shop-test.yaml",
                "systems/shop/files/etc/app.conf",
                "systems/shop/files/Größe (neu).txt",
                "systems/shop/files/lib/Foo+Bar,v1@2.yml",
                "systems/shop/files/config~backup",
                "systems/shop/files/日本語.txt",
                "policies/x.test.yaml",
                "changes/2026-11-21/raise-port.yaml",
            })
    void good_paths_are_let_through(String path) {
        assertThat(PathRules.check(path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | path-segment",
                "/etc/passwd | path-segment",
                "a//b | path-segment",
                "a/ | path-segment",
                "./a | path-segment",
                "a/../b | path-segment",
                "systems/shop/files/../../x | path-segment",
                "systems/shop/files/./x | path-segment",
                ".git/config | git-folder",
                "docs/.GIT/hooks/x | git-folder",
                "systems/shop/files/.Git/x | git-folder",
                "systems/shop/files/git~1/x | git-folder",
                "systems/shop/files/.g\u200Cit/x | path-invisible",
                ".gitattributes | forbidden-name",
                "systems/shop/files/.gitattributes | forbidden-name",
                "systems/shop/files/.GitModules | forbidden-name",
                "docs/.mailmap | forbidden-name",
                ".lfsconfig | forbidden-name",
                "docs/CON | windows-reserved",
                "docs/nul.txt | windows-reserved",
                "systems/shop/files/Com1.log | windows-reserved",
                "systems/shop/files/lpt\u00b9 | windows-reserved",
                "systems/shop/files/aux .txt | windows-reserved",
                "systems/shop/files/PROGRA~1 | windows-short-name",
                "systems/shop/files/gi7eba~1 | windows-short-name",
                "systems/shop/files/a:b | windows-characters",
                "systems/shop/files/a\\\\b | windows-characters",
                "systems/shop/files/what? | windows-characters",
                "systems/shop/files/dot./x | windows-characters",
                "systems/shop/files/space /x | windows-characters",
                "docs/end. | windows-characters",
                "docs/-rf | leading-dash",
                "systems/shop/files/-o | leading-dash",
                "systems/shop/files/a\\tb | path-invisible",
                "systems/shop/files/a\u202Etxt.exe | path-invisible",
                "systems/shop/files/a\uFFFDb | path-invisible",
                "systems/shop/files/a\u00A0b | path-invisible",
                "systems/shop/files/Gro\u0308\u00dfe | path-not-nfc",
                "systems/Shop/files/x | path-characters",
                "systems/Shop/x.yaml | path-characters",
                "docs/Plan.yaml | path-characters",
                "docs/X.YAML | path-characters",
                "docs/\u00e9.md | path-characters",
                "docs/a b.md | path-characters",
                "targets/x.yml | yml-suffix",
                "changes/2026-11-21/raise-port/manifest.json | server-written-path",
                "changes/2026-11-21/raise-port/votes/ann.json | server-written-path",
                "changes/2026-11-21/raise-port/extra.yaml | server-written-path",
                "changes/raise-port.yaml | not-a-change-request",
                "changes/2026-11-31/raise-port.yaml | not-a-change-request",
                "changes/2026-11-21/README.md | not-a-change-request",
                "changes/2026-11-21/-x.yaml | not-a-change-request",
                "changes/README.md | not-a-change-request",
            })
    void bad_paths_are_refused_by_name(String text, String rule) {
        String path = text.translateEscapes();

        assertThat(PathRules.check(path)).extracting(Finding::rule).contains(rule);
        assertThat(PathRules.check(path))
                .allMatch(finding -> finding.place().path().equals(PathRules.escape(path)));
    }

    @Test
    void lengths_are_bounded() {
        assertThat(PathRules.check("docs/" + "x".repeat(201)))
                .extracting(Finding::rule)
                .containsExactly("path-too-long");
        assertThat(PathRules.check("docs/" + "x/".repeat(40) + "y"))
                .extracting(Finding::rule)
                .containsExactly("path-too-long");
        assertThat(PathRules.check("docs/" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/".repeat(20) + "y"))
                .extracting(Finding::rule)
                .containsExactly("path-too-long");
    }

    @Test
    void what_the_server_writes_is_well_shaped_though_nobody_else_may_write_it() {
        assertThat(PathRules.checkShape("changes/2026-11-21/raise-port/votes/ann.json.sig"))
                .isEmpty();
        assertThat(PathRules.isServerWritten("changes/2026-11-21/raise-port/votes/ann.json.sig"))
                .isTrue();
        assertThat(PathRules.isServerWritten("changes/2026-11-21/raise-port.yaml"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "README.md, readme.MD",
        "straße, STRASSE",
        "\u00e9, e\u0301",
        "\ufb01le, file",
        "\u212a, k",
        "\u03c3, \u03c2",
    })
    void names_that_a_file_system_takes_for_one_collide(String left, String right) {
        assertThat(PathRules.collision(List.of("a", left, "b", right)))
                .hasValueSatisfying(finding -> assertThat(finding.rule()).isEqualTo("path-collision"));
        assertThat(PathRules.collide(left, right)).isTrue();
    }

    @Test
    void different_names_do_not_collide() {
        assertThat(PathRules.collision(List.of("a", "b", "ab", "a-b", "a_b", "größe", "grösse")))
                .isPresent();
        assertThat(PathRules.collision(List.of("a", "b", "ab", "a-b", "a_b", "grosse", "grösse")))
                .isEmpty();
    }

    @Test
    void trust_paths_are_those_that_decide_who_may_do_what() {
        assertThat(List.of(
                        "countersign.yaml",
                        "access/people/ann.yaml",
                        "targets/x.yaml",
                        "policies/x.yaml",
                        "calendar/x.yaml"))
                .allMatch(PathRules::isTrustPath);
        assertThat(List.of("systems/shop/x.yaml", "docs/access/x.md", "systems/countersign.yaml", "keys/x.yaml"))
                .noneMatch(PathRules::isTrustPath);
    }

    @Test
    void payload_lies_only_below_the_files_folder_of_a_system() {
        assertThat(PathRules.isPayload("systems/shop/files/x.yaml")).isTrue();
        assertThat(PathRules.isDocument("systems/shop/files/x.yaml")).isFalse();
        assertThat(PathRules.isPayload("systems/shop/files")).isFalse();
        assertThat(PathRules.isPayload("systems/shop/eu/files/x.yaml")).isFalse();
        assertThat(PathRules.isDocument("systems/shop/eu/files/x.yaml")).isTrue();
    }

    @Test
    void a_change_request_tells_its_day_and_name() {
        ChangePath change =
                PathRules.changeRequest("changes/2026-11-21/raise-port.yaml").orElseThrow();

        assertThat(change).isEqualTo(new ChangePath("2026-11-21", "raise-port"));
        assertThat(change.document()).isEqualTo("changes/2026-11-21/raise-port.yaml");
        assertThat(change.folder()).isEqualTo("changes/2026-11-21/raise-port/");
        assertThat(change.id()).isEqualTo("2026-11-21/raise-port");
        assertThat(PathRules.changeRequest("changes/2026-11-21/raise-port/x.yaml"))
                .isEmpty();
    }

    @Test
    void a_relative_path_stays_in_its_folder() {
        assertThat(List.of("a", "a/b.txt", "Größe", ".env")).allMatch(PathRules::isSafeRelative);
        assertThat(List.of("", "/a", "../a", "a/../b", "a//b", "a/", "C:/x", "a\\b", "-x", ".git/x", "a\u0000"))
                .noneMatch(PathRules::isSafeRelative);
    }

    @Test
    void a_path_is_shown_without_what_people_cannot_see() {
        assertThat(PathRules.escape("a\u202Eb\tc é")).isEqualTo("a\\u{202e}b\\u{9}c é");
    }
}
