package countersign.document.secret;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import countersign.codec.Place;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    private static final String KEY =
            "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
    private static final String DOCUMENT = "systems/shop/shop-test.yaml";

    @ParameterizedTest
    @CsvSource({
        "private-key, -----BEGIN #PRIVATE KEY-----",
        "private-key, -----BEGIN RSA #PRIVATE KEY-----",
        "private-key, -----BEGIN ENCRYPTED #PRIVATE KEY-----",
        "private-key, -----BEGIN PGP #PRIVATE KEY BLOCK-----",
        "private-key, ---- BEGIN SSH2 ENCRYPTED #PRIVATE KEY ----",
        "private-key, PuTTY-User-#Key-File-3: ssh-ed25519",
        "private-key, AGE-SECRET-#KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ",
        "private-key, PRIVATE+#KEY+log.example.org+0badcafe+AAAA",
        "private-key, LS0tLS1CRUdJTi#BPUEVOU1NIIFBSSVZBVEUgS0VZLS0tLS0K",
        "secret-token, AKIA#QYLPMN5HNM7DPWZA",
        "secret-token, ghp_#x5Yz9AbCdEfGhIjKlMnOpQrStUvWxYz012345",
        "secret-token, glpat-#x5Yz9AbCdEfGhIjKlMnO",
        "secret-token, xoxb-#123456789012-abcdefghij",
        "secret-token, sk_live_#4eC39HqLyjWDarjtT1zdp7dc",
        "secret-token, eyJ#hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
        "secret-token, hvs.#CAESIJ1234567890abcdefghijklmnop",
        "secret-token, LTAI#5tQ8mFqfR1dVhBqf0pZb",
        "secret-token, AKID#z8krbsJ5yKBZQpn74WFkmLPx3gnPhESA",
        "secret-token, dapi#0123456789abcdef0123456789abcdef",
        "secret-token, dckr_pat_#x5Yz9AbCdEfGhIjKlMnOpQrStUv",
        "secret-token, dp.pt.#x5Yz9AbCdEfGhIjKlMnOpQrStUvWxYz0123456789ab",
        "secret-token, glptt-#0123456789abcdef0123456789abcdef01234567",
        "secret-token, glsa_#x5Yz9AbCdEfGhIjKlMnOpQrStUvWxYz0_0a1b2c3d",
        "secret-token, hf_#abcdefghijklmnopqrstuvwxyzABCDEFGH",
        "secret-token, lin_api_#x5Yz9AbCdEfGhIjKlMnOpQrStUvWxYz012345678",
        "secret-token, key-#0123456789abcdef0123456789abcdef",
        "secret-token, NRAK-#ABCDEFGHIJKLMNOPQRSTUVWXYZ0",
        "secret-token, ntn_#01234567890x5Yz9AbCdEfGhIjKlMnOpQrStUvWxYz01234",
        "secret-token, pplx-#x5Yz9AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg",
        "secret-token, PMAK-#0123456789abcdef01234567-0123456789abcdef0123456789abcdef01",
        "secret-token, pul-#0123456789abcdef0123456789abcdef01234567",
        "secret-token, r8_#x5Yz9AbCdEfGhIjKlMnOpQrStUvWxYz012345",
        "secret-token, rubygems_#0123456789abcdef0123456789abcdef0123456789abcdef",
        "secret-token, sntryu_#0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "secret-token, shpat_#0123456789abcdef0123456789abcdef",
        "secret-token, hooks.slack.com/services/#T0123ABCD/B0123ABCD/x5Yz9AbCdEfGhIjKlMnOpQrS",
        "secret-token, sq0atp-#x5Yz9AbCdEfGhIjKlMnOpQ",
        "secret-token, sbp_#0123456789abcdef0123456789abcdef01234567",
        "secret-token, tskey-#auth-k5Yz9AbCdE1-GhIjKlMnOpQrStUvWxYz",
        "secret-token, SK#0123456789abcdef0123456789abcdef",
        "secret-token, Authorization: Basic #c2hvcDpoVjcha3EyOVo=",
        "secret-token, Authorization: Bearer #x5Yz9AbCdEfGhIjKlMnOpQrStUv",
        "credential-in-url, postgres://shop:hV7#kq29Z@db.example.org/shop",
    })
    void known_shapes_are_found_in_any_file(String rule, String split) {
        String secret = split.replace("#", "");

        List<Finding> findings = scan("docs/notes.txt", "first line\nsee: " + secret + "\n");

        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).rule()).isEqualTo(rule);
        assertThat(findings.get(0).place())
                .isIn(new Place("docs/notes.txt", 2, 6, null), new Place("docs/notes.txt", 2, 14, null));
        assertThat(findings.get(0).toString()).doesNotContain(secret.substring(secret.length() - 6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AKIAIOSFODNN7EXAMPLE is the one of the handbook",
                "-----BEGIN PUBLIC KEY-----",
                "-----BEGIN CERTIFICATE-----",
                "-----BEGIN SSH SIGNATURE-----",
                "postgres://shop:${PASSWORD}@db.example.org/shop",
                "https://example.org:8443/path@x",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJf2yQ8mFqfR1dVhBqf0pZb0yZ4d1qk1c3zv0k2m9w8Q ann",
                "xAKIAQYLPMN5HNM7DPWZA is inside a word",
                "key-value pairs, key-0123 and key-rotation",
                "SKU 4711 and SK-2026-11",
                "Authorization: Bearer <token>",
                "Authorization: Basic ${CREDENTIALS}",
                "the digest is dapi of 0123456789abcdef0123456789abcdef",
                "LTAIR is a word and so is AKIDS",
                "hf_hub_download(repo, file)",
                "hooks.slack.com/services/ is where webhooks live",
                "pul-0123 and sbp_short and r8_short",
                "sk_test_4eC39HqLyjWDarjtT1zdp7dc is for tests",
            })
    void what_only_looks_alike_is_left_alone(String text) {
        assertThat(scan("docs/notes.txt", text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "password: hV7!kq29ZpXw4mLt | 3 | 13",
                "dbPassword: \"hV7!kq29\" | 3 | 15",
                "DB_PASS: 'x1' | 3 | 12",
                "api-key: abc123 | 3 | 12",
                "clientSecret: abc | 3 | 17",
                "authToken: abc | 3 | 14",
                "pin: {user: a, pwd: 123456} | 3 | 23",
                "private_key: abc | 3 | 16",
                "env: [{name: DB_PASSWORD, value: abc}] | 3 | 36",
                "credentials: abc | 3 | 16",
            })
    void a_plain_value_under_a_telling_name_is_found_in_a_document(String line, int row, int column) {
        List<Finding> findings = scan(DOCUMENT, "spec:\n data:\n  " + line + "\n");

        assertThat(findings).extracting(Finding::rule).containsExactly("plain-secret");
        assertThat(findings.get(0).place())
                .extracting(Place::line, Place::column)
                .containsExactly(row, column);
        assertThat(findings.get(0).place().pointer()).startsWith("/spec/data/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password: ${DB_PASSWORD}",
                "password: secretRef:shop/db",
                "password: \"vault:secret/shop#db\"",
                "password: \"\"",
                "password:",
                "password: \"******\"",
                "passwordRef: shop-db",
                "passwordFile: /run/secrets/db",
                "secretName: shop-db",
                "tokenUrl: https://login.example.org/token",
                "maxTokens: 4096",
                "tokenTimeout: 30s",
                "bypass: always",
                "compass: north",
                "secure: yes-please",
                "passive: mode",
                "privateNetwork: lan",
                "keys: [checkout-tls]",
                "password: {from: vault}",
                "usePassword: true",
            })
    void references_and_harmless_names_are_left_alone(String line) {
        assertThat(scan(DOCUMENT, "spec:\n data:\n  " + line + "\n")).isEmpty();
        assertThat(scan("systems/shop/files/app.yaml", line + "\n")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app.properties | db.password=hunter2 | 13",
                "app.properties | db.password = hunter2 | 15",
                ".env | DB_PASSWORD=hunter2 | 13",
                ".env.production | export API_KEY='hunter2' | 17",
                "app.json | {\"user\": \"x\", \"password\": \"hunter2\"} | 28",
                "app.ini | Password : hunter2 | 12",
                "app.toml | secret = \"hunter2\" | 11",
                "app.yaml | {user: x, password: hunter2, host: y} | 21",
                "app.conf | pwd=a,b;c} | 5",
            })
    void payload_of_configuration_formats_is_searched_by_names(String file, String line, int column) {
        List<Finding> findings = scan("systems/shop/files/" + file, "# İ first\n" + line + "\n");

        assertThat(findings).extracting(Finding::rule).containsExactly("plain-secret");
        assertThat(findings.get(0).place()).isEqualTo(new Place("systems/shop/files/" + file, 2, column, null));
        assertThat(findings.get(0).toString()).doesNotContain("hunter2");
    }

    @Test
    void a_block_scalar_under_a_telling_name_is_found_and_hidden() {
        String text = "a: 1\npassword: |\n  line one\n\n  line two\nb: 2\n";

        assertThat(scan("systems/shop/files/app.yaml", text)).hasSize(1);
        assertThat(SecretMask.text("app.yaml", text)).isEqualTo("a: 1\npassword: |••••••\n\n\n\nb: 2\n");
    }

    @Test
    void code_is_not_searched_by_names() {
        assertThat(scan("systems/shop/files/run.py", "token = lexer.next()\npassword: str = read()\n"))
                .isEmpty();
    }

    @Test
    void content_inside_a_document_is_judged_as_the_file_it_becomes() {
        String text =
                "spec:\n  files:\n  - path: etc/app.properties\n    content: |\n      a=1\n      password=hunter2\n";

        List<Finding> findings = scan(DOCUMENT, text);

        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).message()).contains("in line 2 of the content");
        assertThat(findings.get(0).place().pointer()).isEqualTo("/spec/files/0/content");
    }

    @Test
    void a_key_in_a_document_is_found_where_it_stands() {
        String text = "spec:\n  files:\n  - path: etc/key.pem\n    content: |\n      " + KEY.replace("\n", "\n      ");

        assertThat(scan(DOCUMENT, text))
                .extracting(finding -> String.valueOf(finding.place()))
                .containsExactly(DOCUMENT + ":5:7");
    }

    @Test
    void a_broken_document_is_still_searched() {
        assertThat(scan(DOCUMENT, "spec: [\npassword: hunter2\n"))
                .extracting(Finding::rule)
                .containsExactly("plain-secret");
    }

    @Test
    void a_key_in_utf_16_is_found() {
        byte[] bytes = KEY.getBytes(StandardCharsets.UTF_16);

        assertThat(Secrets.scan("docs/key.txt", bytes))
                .extracting(Finding::rule)
                .containsExactly("private-key");
    }

    @Test
    void test_cases_of_policies_may_hold_made_up_values_but_no_keys() {
        assertThat(scan("policies/x.test.yaml", "spec:\n  base:\n    password: hunter2\n"))
                .isEmpty();
        assertThat(scan("policies/x.test.yaml", "# " + KEY)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pwd=|",
                "pwd=${",
                "pwd:",
                "eyJ-",
                ".eyJ",
                "://a:",
                "-----BEGIN ",
                "password=x\n",
                "ghp_",
                "xoxb-a",
                "\"pwd\":\""
            })
    void hostile_repetition_ends(String piece) {
        byte[] bytes = piece.repeat((4 << 20) / piece.length()).getBytes(StandardCharsets.UTF_8);

        assertThat(Secrets.scan("systems/shop/files/x.conf", bytes).size()).isLessThanOrEqualTo(100);
    }

    @Test
    void a_mask_hides_values_in_trees_on_every_level_and_keeps_the_rest() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("user", "shop");
        tree.put("password", "hunter2");
        tree.put("list", List.of(Map.of("name", "API_KEY", "value", "hunter2"), "postgres://a:hunter2@db/x"));
        tree.put("passwordRef", "shop-db");
        tree.put("path", "a.env");
        tree.put("content", "TOKEN=hunter2\nA=1\n");

        String masked = String.valueOf(SecretMask.tree(tree));

        assertThat(masked)
                .doesNotContain("hunter2")
                .contains("user=shop", "passwordRef=shop-db", "A=1", "password=" + SecretMask.MASK);
    }

    @Test
    void a_mask_hides_whole_keys_and_keeps_the_lines() {
        assertThat(SecretMask.text("notes.md", "a\n" + KEY + "b\n")).isEqualTo("a\n••••••\n\n\nb\n");
    }

    @Test
    void many_secrets_are_all_hidden() {
        String text = "password=hunter2\n".repeat(500);

        assertThat(SecretMask.text("a.properties", text)).doesNotContain("hunter2");
    }

    private static List<Finding> scan(String path, String text) {
        return Secrets.scan(path, text.getBytes(StandardCharsets.UTF_8));
    }
}
