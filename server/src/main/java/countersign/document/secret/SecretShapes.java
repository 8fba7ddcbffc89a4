package countersign.document.secret;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The shapes of private keys and of well-known tokens. A fixed word leads to each candidate and every repetition is
 * bounded, so that the time is linear in the text. The shapes are those that the issuers publish.
 */
final class SecretShapes {
    private static final int MAX_LENGTH = 4096;
    private static final int MAX_KEY_LENGTH = 16 * 1024;
    private static final Pattern WEB_TOKEN_REST =
            Pattern.compile("\\.eyJ[A-Za-z0-9_-]{10,3000}+\\.[A-Za-z0-9_-]{10,1000}");
    private static final List<Shape> SHAPES = List.of(
            key("PEM private key", "-----BEGIN ", "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"),
            key("SSH2 private key", "---- BEGIN SSH2 ", "---- BEGIN SSH2 [A-Z ]{0,20}PRIVATE KEY"),
            key("PuTTY private key", "PuTTY-User-Key-File-", "PuTTY-User-Key-File-[0-9]"),
            key("age private key", "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1[A-Z0-9]{50,60}"),
            key("note signer key", "PRIVATE+KEY+", "PRIVATE\\+KEY\\+[^+\\s]{1,255}\\+[0-9a-f]{8}\\+"),
            key(
                    "private key in base64",
                    "LS0tLS1CRUdJTi",
                    "LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,60}(UFJJVkFURSBLR|BSSVZBVEUgS0|QUklWQVRFIEtF)"),
            token("AWS access key", "AKIA", "AKIA[A-Z2-7]{16}\\b"),
            token("AWS access key", "ASIA", "ASIA[A-Z2-7]{16}\\b"),
            token("GitHub token", "ghp_", "ghp_[A-Za-z0-9]{36,255}"),
            token("GitHub token", "gho_", "gho_[A-Za-z0-9]{36,255}"),
            token("GitHub token", "ghu_", "ghu_[A-Za-z0-9]{36,255}"),
            token("GitHub token", "ghs_", "ghs_[A-Za-z0-9]{36,255}"),
            token("GitHub token", "ghr_", "ghr_[A-Za-z0-9]{36,255}"),
            token("GitHub token", "github_pat_", "github_pat_[A-Za-z0-9_]{40,255}"),
            token("GitLab token", "glpat-", "glpat-[A-Za-z0-9_-]{20,255}"),
            token("GitLab token", "glrt-", "glrt-[A-Za-z0-9_-]{20,255}"),
            token("Slack token", "xox", "xox[abeoprs]-[A-Za-z0-9-]{10,255}"),
            token("Slack token", "xapp-", "xapp-[0-9]-[A-Za-z0-9-]{10,255}"),
            token("Stripe key", "sk_live_", "sk_live_[A-Za-z0-9]{10,255}"),
            token("Stripe key", "rk_live_", "rk_live_[A-Za-z0-9]{10,255}"),
            token("Google API key", "AIza", "AIza[A-Za-z0-9_-]{35}"),
            token("SendGrid key", "SG.", "SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}"),
            token("npm token", "npm_", "npm_[A-Za-z0-9]{36}\\b"),
            token("PyPI token", "pypi-", "pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,1000}"),
            token("Anthropic key", "sk-ant-", "sk-ant-[A-Za-z0-9_-]{20,255}"),
            token("OpenAI key", "sk-proj-", "sk-proj-[A-Za-z0-9_-]{20,255}"),
            token("DigitalOcean token", "dop_v1_", "dop_v1_[a-f0-9]{64}"),
            token("Vault token", "hvs.", "hvs\\.[A-Za-z0-9_-]{24,255}"),
            token("Azure storage key", "AccountKey=", "AccountKey=[A-Za-z0-9+/]{86}=="),
            token("Alibaba Cloud access key", "LTAI", "LTAI[A-Za-z0-9]{16,20}\\b"),
            token("Tencent Cloud access key", "AKID", "AKID[A-Za-z0-9]{32}\\b"),
            token("Atlassian token", "ATATT3", "ATATT3[A-Za-z0-9_=-]{100,255}"),
            token("Databricks token", "dapi", "dapi[a-f0-9]{32}(-[0-9])?\\b"),
            token("Docker Hub token", "dckr_pat_", "dckr_pat_[A-Za-z0-9_-]{27}"),
            token("Docker Hub token", "dckr_oat_", "dckr_oat_[A-Za-z0-9_-]{32}"),
            token("Doppler token", "dp.pt.", "dp\\.pt\\.[A-Za-z0-9]{43}"),
            token("Dynatrace token", "dt0c01.", "dt0c01\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}"),
            token("Fly.io token", "fm2_", "fm2_[A-Za-z0-9+/]{100,1000}"),
            token("GitLab token", "gldt-", "gldt-[A-Za-z0-9_-]{20,255}"),
            token("GitLab token", "glptt-", "glptt-[a-f0-9]{40}"),
            token("Grafana token", "glsa_", "glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
            token("Grafana token", "glc_", "glc_[A-Za-z0-9+/]{32,400}"),
            token("Heroku key", "HRKU-AA", "HRKU-AA[A-Za-z0-9_-]{58}"),
            token("Hugging Face token", "hf_", "hf_[A-Za-z]{34}\\b"),
            token("Linear key", "lin_api_", "lin_api_[A-Za-z0-9]{40}"),
            token("Mailgun key", "key-", "key-[a-f0-9]{32}\\b"),
            token("Netlify token", "nfp_", "nfp_[A-Za-z0-9]{36,60}"),
            token("New Relic key", "NRAK-", "NRAK-[A-Z0-9]{27}"),
            token("Notion token", "ntn_", "ntn_[0-9]{11}[A-Za-z0-9]{35}"),
            token("1Password token", "ops_eyJ", "ops_eyJ[A-Za-z0-9+/]{250,3000}"),
            token("OpenAI key", "sk-svcacct-", "sk-svcacct-[A-Za-z0-9_-]{20,255}"),
            token("Perplexity key", "pplx-", "pplx-[A-Za-z0-9]{48}"),
            token("PlanetScale token", "pscale_tkn_", "pscale_tkn_[A-Za-z0-9=._-]{32,64}"),
            token("PlanetScale password", "pscale_pw_", "pscale_pw_[A-Za-z0-9=._-]{32,64}"),
            token("Postman key", "PMAK-", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
            token("Pulumi token", "pul-", "pul-[a-f0-9]{40}\\b"),
            token("Replicate token", "r8_", "r8_[A-Za-z0-9]{37}\\b"),
            token("RubyGems key", "rubygems_", "rubygems_[a-f0-9]{48}"),
            token("Sentry token", "sntrys_eyJ", "sntrys_eyJ[A-Za-z0-9+/=_]{40,1000}"),
            token("Sentry token", "sntryu_", "sntryu_[a-f0-9]{64}"),
            token("Shopify token", "shpat_", "shpat_[a-fA-F0-9]{32}"),
            token("Shopify token", "shpca_", "shpca_[a-fA-F0-9]{32}"),
            token("Shopify secret", "shpss_", "shpss_[a-fA-F0-9]{32}"),
            token(
                    "Slack webhook",
                    "hooks.slack.com/services/",
                    "hooks\\.slack\\.com/services/T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{20,30}"),
            token("Square token", "sq0atp-", "sq0atp-[A-Za-z0-9_-]{22}"),
            token("Square secret", "sq0csp-", "sq0csp-[A-Za-z0-9_-]{43}"),
            token("Supabase token", "sbp_", "sbp_[a-f0-9]{40}"),
            token("Tailscale key", "tskey-", "tskey-[a-z]{2,12}-[A-Za-z0-9]{6,40}-[A-Za-z0-9]{16,64}"),
            token("Twilio key", "SK", "SK[0-9a-f]{32}\\b"),
            token("Artifactory key", "AKCp", "AKCp[A-Za-z0-9]{69}\\b"),
            token("Vault token", "hvb.", "hvb\\.[A-Za-z0-9_-]{100,1000}"),
            token("basic authorization", "Authorization: Basic ", "Authorization: Basic [A-Za-z0-9+/]{12,400}={0,2}"),
            token(
                    "bearer authorization",
                    "Authorization: Bearer ",
                    "Authorization: Bearer [A-Za-z0-9._~+/-]{20,2000}=*"),
            new Shape(
                    "credential-in-url",
                    "password",
                    "://",
                    Pattern.compile("://[^/\\s:@\"']{1,64}:[^/\\s:@\"'$<{*]{3,128}@")));

    /** The shapes by the first letter of their word, which is ASCII. */
    private static final List<List<Shape>> BY_LETTER = IntStream.range(0, 128)
            .mapToObj(letter -> SHAPES.stream()
                    .filter(shape -> shape.word().charAt(0) == letter)
                    .toList())
            .toList();

    private SecretShapes() {}

    /** One place in a text; {@code end} is exclusive. */
    record Found(String rule, String what, int start, int end) {}

    static List<Found> find(String text) {
        List<Found> found = new ArrayList<>();
        Map<Shape, Integer> ends = new HashMap<>();
        for (int at = 0; at < text.length(); at++) {
            char letter = text.charAt(at);
            if (letter < BY_LETTER.size()) {
                for (Shape shape : BY_LETTER.get(letter)) {
                    if (text.startsWith(shape.word(), at) && at >= ends.getOrDefault(shape, 0)) {
                        shape.find(text, at).ifPresent(match -> {
                            found.add(match);
                            ends.put(shape, match.end());
                        });
                    }
                }
            }
        }
        findWebTokens(text, found);
        return found;
    }

    /** Looks for the dot between header and claims: only one in many texts has it, and it bounds both. */
    private static void findWebTokens(String text, List<Found> found) {
        for (int dot = text.indexOf(".eyJ"); dot >= 0; dot = text.indexOf(".eyJ", dot + 1)) {
            int start = dot;
            while (start > 0 && dot - start < MAX_LENGTH && isTokenPart(text.charAt(start - 1))) {
                start--;
            }
            Matcher rest = WEB_TOKEN_REST.matcher(text).region(dot, Math.min(text.length(), dot + MAX_LENGTH));
            if (dot - start > 12 && text.startsWith("eyJ", start) && rest.lookingAt()) {
                found.add(new Found("secret-token", "JSON web token", start, rest.end()));
            }
        }
    }

    private static boolean isTokenPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    private static Shape key(String what, String word, String pattern) {
        return new Shape("private-key", what, word, Pattern.compile(pattern));
    }

    private static Shape token(String what, String word, String pattern) {
        return new Shape("secret-token", what, word, Pattern.compile(pattern));
    }

    private record Shape(String rule, String what, String word, Pattern pattern) {
        Optional<Found> find(String text, int at) {
            Matcher matcher = pattern.matcher(text).region(at, Math.min(text.length(), at + MAX_LENGTH));
            return isStart(text, at) && matcher.lookingAt() && !isExample(matcher.group())
                    ? Optional.of(new Found(rule, what, at, end(text, matcher.end())))
                    : Optional.empty();
        }

        /** Of a key in lines, the end of its last line; else where the pattern ends. */
        private int end(String text, int matched) {
            if (!word.startsWith("----")) {
                return matched;
            }
            int limit = Math.min(text.length(), matched + MAX_KEY_LENGTH);
            String rest = text.substring(matched, limit);
            int last = rest.indexOf("----END");
            int lineEnd = last < 0 ? -1 : rest.indexOf('\n', last);
            return lineEnd < 0 ? limit : matched + lineEnd;
        }

        private boolean isStart(String text, int at) {
            boolean wordBefore = at > 0 && Character.isLetterOrDigit(text.charAt(at - 1));
            return !wordBefore || !rule.equals("secret-token");
        }

        private static boolean isExample(String text) {
            return text.endsWith("EXAMPLE");
        }
    }
}
