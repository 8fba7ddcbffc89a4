package countersign.cli.remote;

import java.util.Map;

/**
 * A statement with the signature of it.
 *
 * @param text the statement as it was signed, to the last byte
 * @param signature armored, as ssh-keygen writes it
 */
public record SignedStatement(String text, String signature) {
    /** Hands it in below {@code /api/v1}; gives what the server says of it. */
    public RemoteServer.Answer handIn(RemoteServer server, String path) {
        return server.post(path, Map.of("statement", text, "signature", signature), Map.of());
    }
}
