package countersign.document.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shapes of private keys and of well-known tokens. A fixed word leads to each candidate and every repetition is
 * bounded, so that the time is linear in the text.
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
            new Shape(
                    "credential-in-url",
                    "password",
                    "://",
                    Pattern.compile("://[^/\\s:@\"']{1,64}:[^/\\s:@\"'$<{*]{3,128}@")));

    private SecretShapes() {}

    /** One place in a text; {@code end} is exclusive. */
    record Found(String rule, String what, int start, int end) {}

    static List<Found> find(String text) {
        List<Found> found = new ArrayList<>();
        for (Shape shape : SHAPES) {
            shape.find(text, found);
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
        void find(String text, List<Found> found) {
            int at = text.indexOf(word);
            while (at >= 0) {
                Matcher matcher = pattern.matcher(text).region(at, Math.min(text.length(), at + MAX_LENGTH));
                boolean matches = isStart(text, at) && matcher.lookingAt() && !isExample(matcher.group());
                int end = matches ? end(text, matcher.end()) : at + word.length();
                if (matches) {
                    found.add(new Found(rule, what, at, end));
                }
                at = text.indexOf(word, end);
            }
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
