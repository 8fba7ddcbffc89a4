package countersign.signing.git;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.signing.Refusals;
import countersign.signing.SshKeygen;
import countersign.signing.SshPrivateKey;
import countersign.signing.SshPublicKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits signed by the real {@code git} are good for us, and ours for it. */
final class GitSignaturesTest {
    private static final SshPrivateKey KEY = SshPrivateKey.ofEd25519Seed(new byte[32]);
    private static final List<SshPublicKey> KEYS = List.of(KEY.publicKey());

    @TempDir
    Path folder;

    private SshKeygen tools;

    @BeforeEach
    void makeRepository() {
        tools = new SshKeygen(folder);
        git("init", "-q", ".");
        tools.write("key", KEY.writeOpenSsh("key").getBytes(StandardCharsets.UTF_8));
        tools.write("key.pub", KEY.publicKey().line().getBytes(StandardCharsets.UTF_8));
        String allowed = new AllowedSigners.Entry(
                        List.of("ann@example.com"), KEY.publicKey(), List.of("git"), null, null)
                .line();
        tools.write("allowed", (allowed + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private String git(String... arguments) {
        String[] command = new String[arguments.length + 11];
        String[] start = {
            "git",
            "-c",
            "user.name=Ann",
            "-c",
            "user.email=ann@example.com",
            "-c",
            "gpg.format=ssh",
            "-c",
            "user.signingkey=key",
            "-c",
            "gpg.ssh.allowedSignersFile=allowed"
        };
        System.arraycopy(start, 0, command, 0, start.length);
        System.arraycopy(arguments, 0, command, start.length, arguments.length);
        return tools.run("", command).output();
    }

    private record Parts(byte[] payload, String armored) {
        /** Takes a commit object apart. */
        static Parts of(String commit) {
            int start = commit.indexOf("\ngpgsig ") + 1;
            int end = commit.indexOf("-----END SSH SIGNATURE-----\n") + "-----END SSH SIGNATURE-----\n".length();
            String payload = commit.substring(0, start) + commit.substring(end);
            String armored = commit.substring(start + "gpgsig ".length(), end).replace("\n ", "\n");
            return new Parts(payload.getBytes(StandardCharsets.UTF_8), armored);
        }
    }

    private Parts signedByGit() {
        git("commit", "-q", "--allow-empty", "-S", "-m", "Grüße an alle\n\nMit einem zweiten Absatz.");
        return Parts.of(git("cat-file", "commit", "HEAD"));
    }

    @Test
    void a_commit_signed_by_git_is_good_for_us() {
        Parts commit = signedByGit();

        assertThat(GitSignatures.verify(commit.payload(), commit.armored(), KEYS))
                .isEqualTo(KEY.publicKey());
        assertThat(GitSignatures.verify(commit.payload(), commit.armored().strip(), KEYS))
                .isEqualTo(KEY.publicKey());
    }

    @Test
    void a_commit_signed_by_us_is_good_for_git() {
        git("commit", "-q", "--allow-empty", "-m", "Grüße an alle\n\nMit einem zweiten Absatz.");
        byte[] payload = git("cat-file", "commit", "HEAD").getBytes(StandardCharsets.UTF_8);
        tools.write("commit", GitSignatures.sign(payload, KEY));

        String id = git("hash-object", "-t", "commit", "-w", "commit").strip();

        assertThat(git("verify-commit", id)).contains("Good \"git\" signature for ann@example.com");
        assertThat(git("fsck", "--strict")).doesNotContain("error");
    }

    @Test
    void we_sign_in_the_very_bytes_of_git() {
        Parts commit = signedByGit();

        assertThat(GitSignatures.sign(commit.payload(), KEY))
                .isEqualTo(git("cat-file", "commit", "HEAD").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_commit_without_a_signature_is_refused() {
        Parts commit = signedByGit();

        assertThat(Refusals.ruleOf(() -> GitSignatures.verify(commit.payload(), null, KEYS)))
                .isEqualTo("commit-not-signed");
    }

    @Test
    void a_commit_signed_by_an_unknown_key_is_refused() {
        Parts commit = signedByGit();
        SshPublicKey other = SshPrivateKey.ofEd25519Seed(KEY.publicKey().blob()).publicKey();

        assertThat(Refusals.ruleOf(() -> GitSignatures.verify(commit.payload(), commit.armored(), List.of(other))))
                .isEqualTo("commit-signed-by-unknown-key");
        assertThat(Refusals.ruleOf(() -> GitSignatures.verify(commit.payload(), commit.armored(), List.of())))
                .isEqualTo("commit-signed-by-unknown-key");
    }

    @Test
    void a_commit_that_was_changed_after_signing_is_refused() {
        Parts commit = signedByGit();
        byte[] tampered = commit.payload().clone();
        tampered[tampered.length - 2] ^= 1;

        assertThat(Refusals.ruleOf(() -> GitSignatures.verify(tampered, commit.armored(), KEYS)))
                .isEqualTo("bad-signature");
    }

    @Test
    void a_vote_is_not_taken_for_a_commit_signature() {
        Parts commit = signedByGit();
        String vote = KEY.sign("vote@countersign.dev", commit.payload());

        assertThat(Refusals.ruleOf(() -> GitSignatures.verify(commit.payload(), vote, KEYS)))
                .isEqualTo("wrong-namespace");
    }

    @Test
    void a_signature_of_another_format_is_refused() {
        Parts commit = signedByGit();
        String pgp = "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n";

        assertThat(Refusals.ruleOf(() -> GitSignatures.verify(commit.payload(), pgp, KEYS)))
                .isEqualTo("malformed-signature");
    }
}
