package countersign.access;

import countersign.signing.SshPublicKey;
import countersign.signing.git.AllowedSigners;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes whom a tree trusts as an {@code allowed_signers} file: people for votes and commits, by name and by e-mail
 * address; the server, as {@code server}, for commits and receipts.
 */
public final class TrustedSigners {
    private static final String GIT = "git";
    private static final List<String> PEOPLE = List.of("vote@countersign.dev", GIT);
    private static final List<String> SERVER = List.of(GIT, "receipt@countersign.dev");

    private TrustedSigners() {}

    public static String write(Trust trust) {
        List<AllowedSigners.Entry> entries = new ArrayList<>();
        for (SshPublicKey key : trust.settings().serverKeys()) {
            entries.add(new AllowedSigners.Entry(List.of("server"), key, SERVER, null, null));
        }
        for (Person person : trust.people()) {
            List<String> principals = Stream.concat(Stream.of(person.name()), person.emails().stream())
                    .toList();
            for (Person.Key key : person.keys()) {
                entries.add(new AllowedSigners.Entry(principals, key.publicKey(), PEOPLE, null, null));
            }
        }
        return AllowedSigners.write(entries);
    }
}
