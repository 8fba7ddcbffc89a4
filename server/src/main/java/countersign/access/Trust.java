package countersign.access;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import countersign.signing.SshPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who may do what in one tree: the trust root, people, their keys and their grants. Immutable. */
public final class Trust {
    private final RepositorySettings settings;
    private final Map<String, Person> people;
    private final Map<String, String> personByEmail;
    private final Map<SshPublicKey, KeyOwner> keys;
    private final List<RoleGrant> grants;

    /**
     * Whose key it is. A key belongs to exactly one person, agent or server (PROTOCOL §1.3).
     *
     * @param kind person, agent, server or recovery
     * @param name of the person or target; of the repository's settings otherwise
     */
    public record KeyOwner(String kind, String name) {}

    private Trust(RepositorySettings settings, List<Person> people, List<RoleGrant> grants) {
        this.settings = settings;
        this.people = new LinkedHashMap<>();
        this.personByEmail = new HashMap<>();
        this.keys = new HashMap<>();
        this.grants = List.copyOf(grants);
        people.forEach(person -> this.people.put(person.name(), person));
    }

    /** Reads the trust of a snapshot; refuses with every finding if it contradicts itself. */
    public static Trust of(Snapshot snapshot, DocumentReader documents) {
        List<Person> people = documents.list(snapshot, Kind.PERSON.folder()).stream()
                .filter(document -> document.kind() == Kind.PERSON)
                .map(Person::of)
                .toList();
        List<RoleGrant> grants = documents.list(snapshot, Kind.ROLE_GRANT.folder()).stream()
                .filter(document -> document.kind() == Kind.ROLE_GRANT)
                .map(RoleGrant::of)
                .toList();
        Trust trust = new Trust(RepositorySettings.of(snapshot, documents), people, grants);
        List<Finding> findings = new ArrayList<>();
        trust.claimKeys(documents.list(snapshot, Kind.TARGET.folder()), findings);
        trust.claimEmails(findings);
        Refusal.ifAnyBlocks(findings);
        return trust;
    }

    public RepositorySettings settings() {
        return settings;
    }

    public Optional<Person> findPerson(String name) {
        return Optional.ofNullable(people.get(name));
    }

    /** All people, in the order of their names. */
    public List<Person> people() {
        return List.copyOf(people.values());
    }

    /** The person who uses an e-mail address, whatever its case. */
    public Optional<Person> findPersonByEmail(String email) {
        return Optional.ofNullable(personByEmail.get(email.toLowerCase(Locale.ROOT)))
                .map(people::get);
    }

    public Optional<KeyOwner> findOwner(SshPublicKey key) {
        return Optional.ofNullable(keys.get(key));
    }

    /** All grants of a role to a person, whatever their time. */
    public List<RoleGrant> grants(String person, String role) {
        return grants.stream()
                .filter(grant -> grant.person().equals(person) && grant.role().equals(role))
                .toList();
    }

    /** Whether a person holds one of some roles at a time, wherever. */
    public boolean holdsAny(String person, List<String> roles, Instant time) {
        return grants.stream()
                .anyMatch(
                        grant -> grant.person().equals(person) && roles.contains(grant.role()) && grant.holdsAt(time));
    }

    /** All grants, in the order of their file names. */
    public List<RoleGrant> grants() {
        return grants;
    }

    /** The grant by which a person holds a role for a path at a time. */
    public Optional<RoleGrant> findGrant(String person, String role, PathFacets facets, Instant time) {
        return grants(person, role).stream()
                .filter(grant -> grant.holdsAt(time) && grant.covers(facets))
                .findFirst();
    }

    private void claimKeys(List<Document> targets, List<Finding> findings) {
        for (Person person : people.values()) {
            person.keys()
                    .forEach(key -> claim(
                            key.publicKey(),
                            new KeyOwner("person", person.name()),
                            Kind.PERSON.folder() + "/" + person.name() + ".yaml",
                            findings));
        }
        for (Document target : targets) {
            target.spec()
                    .objectList("agents")
                    .forEach(agent -> claim(
                            SshPublicKey.parse(agent.text("key")),
                            new KeyOwner("agent", target.name()),
                            target.path(),
                            findings));
        }
        settings.serverKeys()
                .forEach(key -> claim(key, new KeyOwner("server", "server"), RepositorySettings.PATH, findings));
        settings.recoveryKeys()
                .forEach(key -> claim(key, new KeyOwner("recovery", "recovery"), RepositorySettings.PATH, findings));
    }

    private void claim(SshPublicKey key, KeyOwner owner, String path, List<Finding> findings) {
        KeyOwner first = keys.putIfAbsent(key, owner);
        if (first != null) {
            findings.add(Finding.error(
                    "shared-key",
                    "the key " + key.fingerprint() + " of " + owner.kind() + " " + owner.name() + " already belongs to "
                            + first.kind() + " " + first.name() + "; a key belongs to exactly one",
                    Place.file(path)));
        }
    }

    private void claimEmails(List<Finding> findings) {
        for (Person person : people.values()) {
            for (String email : person.emails()) {
                String first = personByEmail.putIfAbsent(email, person.name());
                if (first != null && !first.equals(person.name())) {
                    findings.add(Finding.error(
                            "shared-email",
                            "the address " + email + " of " + person.name() + " already belongs to " + first,
                            Place.file(Kind.PERSON.folder() + "/" + person.name() + ".yaml")));
                }
            }
        }
    }
}
