package countersign.cli.remote;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say with which key of their own somebody signs, and whether they sign at all. */
public final class Signing {
    private final Shell shell;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Your private SSH key, or the public one of a key in an agent. Default: $COUNTERSIGN_KEY, or"
                    + " Git's user.signingKey.")
    private @Nullable Path key;

    @Option(names = "--dry-run", description = "Show what would be signed, and sign nothing.")
    private boolean dryRun;

    public Signing(Shell shell) {
        this.shell = shell;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    /** Signs the bytes of a statement; refuses as {@link Signer#of} does. */
    public SignedStatement sign(byte[] statement) {
        String signature = Signer.of(key, shell).sign(statement);
        return new SignedStatement(new String(statement, StandardCharsets.UTF_8), signature);
    }
}
