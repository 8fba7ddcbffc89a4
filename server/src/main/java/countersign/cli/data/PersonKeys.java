package countersign.cli.data;

import countersign.cli.console.NamedFile;
import countersign.codec.Refusal;
import countersign.signing.SshPublicKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keys of people as options name them: {@code <person>=<file of an SSH public key>}. */
final class PersonKeys {
    private PersonKeys() {}

    /** Reads the files; a Refusal {@code malformed-option} for what is no pair. */
    static Map<String, List<SshPublicKey>> parse(List<String> pairs) {
        Map<String, List<SshPublicKey>> byPerson = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new Refusal("malformed-option", "--key is <person>=<file>, found: " + pair);
            }
            byPerson.computeIfAbsent(pair.substring(0, equals), person -> new ArrayList<>())
                    .add(NamedFile.publicKey(Path.of(pair.substring(equals + 1))));
        }
        return byPerson;
    }
}
