package countersign.access;

import countersign.codec.Fields;
import countersign.document.Document;
import countersign.signing.SshPublicKey;
import java.util.List;
import java.util.Locale;

/**
 * A person who may write, sign or read.
 *
 * @param name name of the Person document
 * @param displayName how pages show the person
 * @param emails addresses in lower case that commits may carry
 * @param keys signing keys
 */
public record Person(String name, String displayName, List<String> emails, List<Key> keys) {
    /**
     * A signing key of a person.
     *
     * @param publicKey the key
     * @param origins web origins whose passkey signatures count; empty for none
     */
    public record Key(SshPublicKey publicKey, List<String> origins) {}

    static Person of(Document document) {
        Fields spec = document.spec();
        return new Person(
                document.name(),
                spec.text("displayName"),
                spec.textList("emails").stream()
                        .map(email -> email.toLowerCase(Locale.ROOT))
                        .toList(),
                spec.objectList("keys").stream().map(Person::key).toList());
    }

    private static Key key(Fields fields) {
        return new Key(SshPublicKey.parse(fields.text("key")), fields.textList("origins"));
    }
}
